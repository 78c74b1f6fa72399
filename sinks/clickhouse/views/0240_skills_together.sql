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
AS SELECT pairs.other AS skill, skill_names.name AS name, skill_names.kind AS kind, pairs.together AS together, pairs.with_skill AS with_skill,
    pairs.with_other AS with_other, pairs.all_posts AS all_posts, together / with_skill AS share, share / (with_other / all_posts) AS lift
FROM
(
    SELECT arrayJoin(arrayPushBack(skills, '')) AS other, countIf(has(skills, {skill:String})) AS together, count() AS with_other,
        max(if(other = '', together, 0)) OVER () AS with_skill, max(if(other = '', with_other, 0)) OVER () AS all_posts
    FROM posts
    WHERE posted_at >= parseDateTimeBestEffort({since:String}, 'UTC') AND posted_at < parseDateTimeBestEffort({until:String}, 'UTC')
    -- include post_filters
    GROUP BY other
) AS pairs
LEFT JOIN skill_names ON skill_names.skill = pairs.other
WHERE pairs.together >= greatest({min_posts:UInt32}, 1) AND pairs.other NOT IN ('', {skill:String})
ORDER BY together DESC, skill
COMMENT 'Skills that are asked for together with a skill, with the lift over chance.
Formula: lift = (together / with_skill) / (with_other / all_posts).
Arguments: skill; min_posts: posts that must ask for both; since, until, the five filters.
Example: SELECT name, together, with_skill, with_other, round(share, 3) AS share, round(lift, 1) AS lift FROM skills_together(skill = ''python'', since = ''2025-11-01'', until = ''2025-12-01'', min_posts = 5, category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') LIMIT 5';
