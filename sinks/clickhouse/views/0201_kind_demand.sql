-- The range is cut at panes as in all views: a pane belongs to it if its start does.
CREATE OR REPLACE VIEW kind_demand
(
    item String COMMENT 'Kind of the skills asked for.',
    name String COMMENT 'The same.',
    kind LowCardinality(String) COMMENT 'Empty: as in demand.',
    -- include demand_columns
)
AS WITH
    1.959964 AS z,
    (SELECT (groupArray(toString(skill)), groupArray(toString(kind))) FROM skill_names) AS kinds,
    (SELECT any(pane_seconds) FROM counting_rules) AS pane,
    -- include range
SELECT counted.item AS item, item AS name, '' AS kind,
    -- include demand_figures
FROM
(
    SELECT arrayJoin(arrayPushBack(arrayDistinct(arrayMap(skill -> transform(toString(skill), kinds.1, kinds.2, ''), skills)), 'all')) AS item,
        count() AS posts, countIf(ai) AS ai_posts, sum(countIf(item = 'all')) OVER () AS of_posts
    FROM posts
    WHERE posted_at >= toDateTime(intDivOrZero(since + pane - 1, pane) * pane, 'UTC')
        AND posted_at < toDateTime(intDivOrZero(until + pane - 1, pane) * pane, 'UTC')
    -- include post_filters
    GROUP BY item
) AS counted
WHERE counted.item NOT IN ('all', '')
ORDER BY rank, item
COMMENT 'Demand by kind of skill. A post that asks for two technical skills counts once as technical, so this is read from the posts, not summed over skills.
Formula: as in demand.
Arguments: since, until, the five filters.
Example: SELECT item, posts, of_posts, round(share, 4) AS share, round(ai_share, 3) AS ai_share FROM kind_demand(since = ''2025-11-01'', until = ''2025-12-01'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''')';
