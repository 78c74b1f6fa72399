CREATE OR REPLACE VIEW demand
(
    -- include item_columns,
    -- include demand_columns
)
AS WITH
    -- include taxonomy,
    1.959964 AS z,
    -- include range,
    [[since, until]] AS ranges, false AS by_pane, []::Array(String) AS only_skills
SELECT
    -- include item_name,
    -- include demand_figures
FROM
(
    SELECT part.item AS item, sum(part.posts) AS posts, sumIf(part.posts, ai) AS ai_posts, sum(sum(part.of_posts)) OVER () AS of_posts
    FROM
    (
        WITH
        -- include counts
    ) AS part
    GROUP BY item
) AS counted
-- include names
WHERE counted.posts > 0
ORDER BY rank, item
COMMENT 'Demand, share, rank and AI share of every skill, category, group, client size or market in any range.
Formula: share = posts / of_posts with Wilson''s 95 % interval (E. B. Wilson, 1927, JASA 22:209); ai_share = ai_posts / posts.
Arguments: of: as in range_counts; since, until, the five filters.
Example: SELECT rank, name, posts, of_posts, round(share, 4) AS share, round(ai_share, 3) AS ai_share FROM demand(of = ''skill'', since = ''2025-11-01'', until = ''2025-12-01'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') ORDER BY rank LIMIT 5';
