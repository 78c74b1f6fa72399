-- The range is cut at panes as in all views: a pane belongs to it if its start lies in it.
CREATE OR REPLACE VIEW kind_counts
(
    kind LowCardinality(String) COMMENT 'Kind of the skills asked for.',
    day Date COMMENT 'Day in UTC.',
    ai Bool COMMENT 'Whether the posts involve AI.',
    posts UInt64 COMMENT 'Posts of this day that ask for at least one skill of the kind.'
)
AS WITH
    (SELECT any(pane_seconds) FROM counting_rules) AS pane,
    parseDateTimeBestEffort({since:String}, 'UTC') AS since,
    parseDateTimeBestEffort({until:String}, 'UTC') AS until
SELECT skill_names.kind AS kind, toDate(posted_at) AS day, ai, uniqExact(source, partition, offset) AS posts
FROM
(
    SELECT posted_at, ai, source, partition, offset, arrayJoin(skills) AS skill
    FROM posts
WHERE posted_at >= toDateTime(intDivOrZero(toUnixTimestamp(since) + pane - 1, pane) * pane, 'UTC')
    AND posted_at < toDateTime(intDivOrZero(toUnixTimestamp(until) + pane - 1, pane) * pane, 'UTC')
    AND ({category:String} = '' OR category = {category:String})
    AND ({category_group:String} = '' OR category IN (SELECT category FROM category_names WHERE category_group = {category_group:String}))
    AND ({client_size:String} = '' OR client_size = {client_size:String})
    AND ({market:String} = '' OR market = {market:String})
    AND ({ai:String} = '' OR ai = ({ai:String} = 'true'))
) AS asked
INNER JOIN skill_names ON skill_names.skill = asked.skill
GROUP BY kind, day, ai
COMMENT 'Posts by kind of skill. A post that asks for two technical skills counts once as technical, so this is read from the posts, not summed over skills.
Arguments: since, until, the five filters.
Example: SELECT kind, sum(posts) AS posts FROM kind_counts(since = ''2025-11-01'', until = ''2025-12-01'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') GROUP BY kind ORDER BY posts DESC';
