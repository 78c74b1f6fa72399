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
AS SELECT of_posts.1 AS posts, of_posts.2 AS ai_posts, ai_posts / nullIf(posts, 0) AS ai_share, of_skills.1 AS active_skills, of_posts.3 AS active_categories,
    of_skills.2 AS mentions, mentions / nullIf(posts, 0) AS skills_per_post
FROM
(
    SELECT (SELECT (sum(posts), sumIf(posts, ai), uniqExact(category)) FROM category_counts(since = {since:String}, until = {until:String}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String})) AS of_posts,
        (SELECT (uniqExact(skill), sum(posts)) FROM skill_counts(since = {since:String}, until = {until:String}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String})) AS of_skills
)
COMMENT 'What happened in a range, in one line.
Arguments: since, until, the five filters.
Example: SELECT posts, ai_posts, round(ai_share, 3) AS ai_share, active_skills, active_categories, round(skills_per_post, 2) AS skills_per_post FROM activity(since = ''2025-11-19'', until = ''2025-11-20'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''')';
