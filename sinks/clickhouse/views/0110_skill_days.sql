-- The open days are asked for as a scalar, which a query evaluates once however often this view stands in it, and
-- which indexes use; arrayConcat keeps it from being read as a subquery of each IN.
CREATE OR REPLACE VIEW skill_days
(
    day Date COMMENT 'Day in UTC.',
    skill LowCardinality(String) COMMENT 'Slug of the skill asked for.',
    category LowCardinality(String) COMMENT 'Category of the posts.',
    ai Bool COMMENT 'Whether the posts involve AI.',
    client_size LowCardinality(String) COMMENT '`smb`, `large` or `unknown`.',
    market LowCardinality(String) COMMENT 'Country code of a market in settings, else `other`.',
    posts UInt64 COMMENT 'Posts that ask for a skill of this key on that day.'
)
AS WITH
    (SELECT any(taxonomy_version) FROM active_taxonomy) AS version,
    arrayConcat((SELECT groupArray(day) FROM day_states WHERE taxonomy_version = version AND open), []) AS open_days
SELECT day, skill, category, ai, client_size, market, posts
FROM daily_demand
WHERE taxonomy_version = version AND skill != '' AND day NOT IN open_days
UNION ALL
SELECT toDate(pane_start) AS day, skill, category, ai, client_size, market, sum(posts) AS posts
FROM skill_demand FINAL
WHERE taxonomy_version = version AND toDate(pane_start) IN open_days
GROUP BY day, skill, category, ai, client_size, market
COMMENT 'Posts that ask for a skill by day, exact at every moment: days that changed since the last roll-up are added up from their panes.
Example: SELECT day, sum(posts) AS posts FROM skill_days WHERE day BETWEEN ''2025-11-24'' AND ''2025-11-28'' GROUP BY day ORDER BY day';
