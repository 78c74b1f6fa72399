CREATE OR REPLACE VIEW ai_skills
(
    rank UInt64 COMMENT 'Rank by ai_posts.',
    skill LowCardinality(String) COMMENT 'Slug of the skill.',
    name String COMMENT 'Display name.',
    kind LowCardinality(String) COMMENT 'Kind of the skill.',
    ai_posts UInt64 COMMENT 'AI posts that ask for the skill.',
    posts UInt64 COMMENT 'All posts that ask for the skill.',
    ai_share Float64 COMMENT 'ai_posts / posts: how far AI has reached the skill.',
    all_ai_posts UInt64 COMMENT 'AI posts under the same filters.',
    all_posts UInt64 COMMENT 'All posts under the same filters.',
    lift Nullable(Float64) COMMENT 'ai_share over the AI share of all posts: above 1 the skill is asked for more often in AI work.'
)
AS WITH
    -- include range
SELECT rank() OVER (ORDER BY counted.ai_posts DESC) AS rank, counted.item AS skill, if(skill_names.name = '', replaceAll(skill, '_', ' '), skill_names.name) AS name, skill_names.kind AS kind,
    counted.ai_posts AS ai_posts, counted.posts AS posts, ai_posts / posts AS ai_share, counted.all_ai_posts AS all_ai_posts, counted.all_posts AS all_posts,
    ai_share / nullIf(all_ai_posts / nullIf(all_posts, 0), 0) AS lift
FROM
(
    SELECT item, sumIf(part.posts, ai) AS ai_posts, sum(part.posts) AS posts,
        sum(sumIf(part.of_posts, ai)) OVER () AS all_ai_posts, sum(sum(part.of_posts)) OVER () AS all_posts
    FROM range_counts(of = 'skill', skills = [], ranges = [[since, until]], by_pane = false,
        -- include same_filters
    ) AS part
    GROUP BY item
) AS counted
LEFT JOIN skill_names ON skill_names.skill = counted.item
WHERE counted.ai_posts > 0 AND counted.posts >= {min_posts:UInt32}
ORDER BY rank, skill
COMMENT 'Top AI-enabled skills: ranked by demand inside posts whose work involves AI, with the lift over all posts.
Formula: lift = (ai_posts / posts) / (all_ai_posts / all_posts).
Arguments: min_posts: posts that a skill must have; since, until, the five filters.
Example: SELECT rank, name, ai_posts, posts, round(ai_share, 3) AS ai_share, round(lift, 2) AS lift FROM ai_skills(since = ''2025-11-01'', until = ''2025-12-01'', min_posts = 30, category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') LIMIT 5';
