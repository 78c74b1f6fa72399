CREATE OR REPLACE VIEW skills_together
(
    skill LowCardinality(String) COMMENT 'Slug of the other skill.',
    name String COMMENT 'Display name.',
    kind LowCardinality(String) COMMENT 'Kind of the other skill.',
    together UInt64 COMMENT 'Posts that ask for both.',
    with_skill UInt64 COMMENT 'Posts that ask for the skill in question.',
    with_other UInt64 COMMENT 'Posts that ask for the other skill.',
    all_posts UInt64 COMMENT 'All posts under the same filters.',
    share Float64 COMMENT 'together / with_skill: of the posts that ask for the skill, those that ask for the other, too.',
    lift Float64 COMMENT 'share over the share of the other skill in all posts.'
)
AS WITH (SELECT (countIf(has(skills, {skill:String})), count()) FROM posts WHERE posted_at >= parseDateTimeBestEffort({since:String}, 'UTC') AND posted_at < parseDateTimeBestEffort({until:String}, 'UTC')
    AND ({category:String} = '' OR category = {category:String})
    AND ({category_group:String} = '' OR category IN (SELECT category FROM category_names WHERE category_group = {category_group:String}))
    AND ({client_size:String} = '' OR client_size = {client_size:String})
    AND ({market:String} = '' OR market = {market:String})
    AND ({ai:String} = '' OR ai = ({ai:String} = 'true'))) AS totals
SELECT other AS skill, skill_names.name AS name, skill_names.kind AS kind, together, totals.1 AS with_skill, with_other, totals.2 AS all_posts,
    together / with_skill AS share, share / (with_other / all_posts) AS lift
FROM
(
    SELECT arrayJoin(skills) AS other, countIf(has(skills, {skill:String})) AS together, count() AS with_other
    FROM posts
    WHERE posted_at >= parseDateTimeBestEffort({since:String}, 'UTC') AND posted_at < parseDateTimeBestEffort({until:String}, 'UTC')
    AND ({category:String} = '' OR category = {category:String})
    AND ({category_group:String} = '' OR category IN (SELECT category FROM category_names WHERE category_group = {category_group:String}))
    AND ({client_size:String} = '' OR client_size = {client_size:String})
    AND ({market:String} = '' OR market = {market:String})
    AND ({ai:String} = '' OR ai = ({ai:String} = 'true'))
    GROUP BY other
    HAVING together >= greatest({min_posts:UInt32}, 1) AND other != {skill:String}
) AS pairs
LEFT JOIN skill_names ON skill_names.skill = pairs.other
ORDER BY together DESC, skill
COMMENT 'Skills that are asked for together with a skill, with the lift over chance.
Formula: lift = (together / with_skill) / (with_other / all_posts).
Arguments: skill; min_posts: posts that must ask for both; since, until, the five filters.
Example: SELECT name, together, with_skill, with_other, round(share, 3) AS share, round(lift, 1) AS lift FROM skills_together(skill = ''python'', since = ''2025-11-01'', until = ''2025-12-01'', min_posts = 5, category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') LIMIT 5';
