CREATE OR REPLACE VIEW demand
(
    item String COMMENT 'Slug of the skill, category or other.',
    name String COMMENT 'Display name.',
    kind LowCardinality(String) COMMENT 'Kind of a skill, group of a category.',
    rank UInt64 COMMENT 'Rank by posts; equal posts share a rank.',
    posts UInt64 COMMENT 'Demand: posts of the item.',
    of_posts UInt64 COMMENT 'All posts under the same filters.',
    share Nullable(Float64) COMMENT 'posts / of_posts.',
    share_low Nullable(Float64) COMMENT 'Lower end of the 95 % interval of the share.',
    share_high Nullable(Float64) COMMENT 'Upper end.',
    ai_posts UInt64 COMMENT 'Of the posts, those whose work involves AI.',
    ai_share Nullable(Float64) COMMENT 'ai_posts / posts.'
)
AS WITH
    1.959964 AS z,
    (SELECT sum(posts) FROM category_counts(since = {since:String}, until = {until:String}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String})) AS of_all
SELECT counted.item AS item, if(item_names.name = '', counted.item, item_names.name) AS name, item_names.kind AS kind,
    rank() OVER (ORDER BY counted.posts DESC) AS rank,
    counted.posts AS posts, of_all AS of_posts,
    posts / nullIf(of_posts, 0) AS share,
    (posts + z * z / 2 - z * sqrt(greatest(posts * (1 - share), 0) + z * z / 4)) / (of_posts + z * z) AS share_low,
    (posts + z * z / 2 + z * sqrt(greatest(posts * (1 - share), 0) + z * z / 4)) / (of_posts + z * z) AS share_high,
    counted.ai_posts AS ai_posts, ai_posts / nullIf(posts, 0) AS ai_share
FROM
(
    SELECT item, sum(part.posts) AS posts, sumIf(part.posts, ai) AS ai_posts
    FROM item_counts(of = {of:String}, since = {since:String}, until = {until:String}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String}) AS part
    GROUP BY item
) AS counted
LEFT JOIN (SELECT item, name, kind FROM item_names WHERE of = {of:String}) AS item_names ON item_names.item = counted.item
ORDER BY rank, item
COMMENT 'Demand, share, rank and AI share of every skill, category, group, kind, client size or market in any range.
Formula: share = posts / of_posts with Wilson''s 95 % interval (E. B. Wilson, 1927, JASA 22:209); ai_share = ai_posts / posts.
Arguments: of: as in item_counts; since, until, the five filters.
Example: SELECT rank, name, posts, of_posts, round(share, 4) AS share, round(ai_share, 3) AS ai_share FROM demand(of = ''skill'', since = ''2025-11-01'', until = ''2025-12-01'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') ORDER BY rank LIMIT 5';
