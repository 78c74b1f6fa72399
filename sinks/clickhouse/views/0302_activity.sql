CREATE OR REPLACE VIEW activity
(
    posts UInt64 COMMENT 'Posts.',
    ai_posts UInt64 COMMENT 'Posts that involve AI.',
    ai_share Nullable(Float64) COMMENT 'ai_posts / posts.',
    active_skills UInt64 COMMENT 'Skills asked for at least once.',
    active_categories UInt64 COMMENT 'Categories with at least one post.',
    mentions UInt64 COMMENT 'Skills asked for, summed over the posts.',
    skills_per_post Nullable(Float64) COMMENT 'mentions / posts.'
)
AS WITH
    -- include range
SELECT sum(part.of_posts) AS posts, sumIf(part.of_posts, ai) AS ai_posts, ai_posts / nullIf(posts, 0) AS ai_share,
    uniqExactIf(item, part.posts > 0) AS active_skills, uniqExactIf(part.category, part.of_posts > 0) AS active_categories,
    sum(part.posts) AS mentions, mentions / nullIf(posts, 0) AS skills_per_post
FROM range_counts(of = 'skill', skills = [], ranges = [[since, until]], by_pane = false,
    -- include same_filters
) AS part
COMMENT 'What happened in a range, in one line.
Arguments: since, until, the five filters.
Example: SELECT posts, ai_posts, round(ai_share, 3) AS ai_share, active_skills, active_categories, round(skills_per_post, 2) AS skills_per_post FROM activity(since = ''2025-11-19'', until = ''2025-11-20'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''')';
