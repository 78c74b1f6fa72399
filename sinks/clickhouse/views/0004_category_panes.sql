CREATE OR REPLACE VIEW category_panes
AS SELECT pane_start, category, ai, client_size, market, sum(posts) AS posts
FROM category_demand FINAL
WHERE taxonomy_version = (SELECT any(taxonomy_version) FROM active_taxonomy)
GROUP BY pane_start, category, ai, client_size, market
COMMENT 'Posts by pane and category: the denominators of every share.';
