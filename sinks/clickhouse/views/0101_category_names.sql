CREATE OR REPLACE VIEW category_names
(
    category LowCardinality(String) COMMENT 'Slug of the category.',
    category_group LowCardinality(String) COMMENT 'One of 11 groups of categories.',
    covers String COMMENT 'What work the category covers.'
)
AS SELECT category, category_group, covers FROM categories FINAL
WHERE taxonomy_version = (SELECT any(taxonomy_version) FROM active_taxonomy)
COMMENT 'The categories of the active taxonomy with their groups.
Example: SELECT category_group, groupArray(category) AS categories FROM category_names GROUP BY category_group ORDER BY category_group LIMIT 5';
