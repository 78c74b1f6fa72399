CREATE OR REPLACE VIEW skill_panes
AS SELECT pane_start, skill, category, ai, client_size, market, sum(posts) AS posts
FROM skill_demand FINAL
WHERE taxonomy_version = (SELECT any(taxonomy_version) FROM active_taxonomy)
GROUP BY pane_start, skill, category, ai, client_size, market
COMMENT 'Posts that ask for a skill, by pane: exact whatever was replayed. Every window is a sum of these.';
