-- Whole days come from skill_days, what sticks out at either end from the panes: each pane stands in exactly one of both.
CREATE OR REPLACE VIEW skill_counts
(
    day Date COMMENT 'Day in UTC.',
    skill LowCardinality(String) COMMENT 'Slug of the skill asked for.',
    category LowCardinality(String) COMMENT 'Category of the posts.',
    ai Bool COMMENT 'Whether the posts involve AI.',
    client_size LowCardinality(String) COMMENT '`smb`, `large` or `unknown`.',
    market LowCardinality(String) COMMENT 'Country code of a market in settings, else `other`.',
    posts UInt64 COMMENT 'Posts that ask for a skill of this key: a part of the range, to be summed.'
)
AS WITH
    arrayConcat((SELECT groupArray(category) FROM category_names WHERE category_group = {category_group:String}), []) AS in_group,
    parseDateTimeBestEffort({since:String}, 'UTC') AS since,
    parseDateTimeBestEffort({until:String}, 'UTC') AS until,
    toDate(since + INTERVAL 86399 SECOND) AS first_day,
    toDate(until) AS end_day,
    toDateTime(first_day, 'UTC') AS first_midnight,
    toDateTime(end_day, 'UTC') AS end_midnight
SELECT day, skill, category, ai, client_size, market, posts
FROM skill_days
WHERE first_day < end_day AND day >= first_day AND day < end_day
    AND ({category:String} = '' OR category = {category:String})
    AND ({category_group:String} = '' OR category IN in_group)
    AND ({client_size:String} = '' OR client_size = {client_size:String})
    AND ({market:String} = '' OR market = {market:String})
    AND ({ai:String} = '' OR ai = ({ai:String} = 'true'))
UNION ALL
SELECT toDate(pane_start) AS day, skill, category, ai, client_size, market, posts
FROM skill_demand FINAL
WHERE taxonomy_version = (SELECT any(taxonomy_version) FROM active_taxonomy)
    AND (since < first_midnight OR end_midnight < until)
    AND pane_start >= since AND pane_start < until AND NOT (pane_start >= first_midnight AND pane_start < end_midnight)
    AND ({category:String} = '' OR category = {category:String})
    AND ({category_group:String} = '' OR category IN in_group)
    AND ({client_size:String} = '' OR client_size = {client_size:String})
    AND ({market:String} = '' OR market = {market:String})
    AND ({ai:String} = '' OR ai = ({ai:String} = 'true'))
COMMENT 'Posts that ask for a skill in any range, from whole days and, at its ends, panes. Several rows a key: sum them.
Arguments: since, until, and the five filters.
Example: SELECT sum(posts) AS posts FROM skill_counts(since = ''2025-11-03 06:00'', until = ''2025-11-10 18:00'', category = '''', category_group = '''', client_size = '''', market = ''US'', ai = '''')';
