CREATE OR REPLACE VIEW item_names
(
    of LowCardinality(String) COMMENT 'What the item is: ''skill'', ''category'', ''category_group'' or other.',
    item String COMMENT 'Slug.',
    name String COMMENT 'Display name.',
    kind LowCardinality(String) COMMENT 'Kind of a skill; group of a category; else empty.',
    skill_group LowCardinality(String) COMMENT 'Group of categories that a skill belongs to; else empty.'
)
AS SELECT 'skill' AS of, toString(skill) AS item, name, kind, skill_group FROM skill_names
UNION ALL
SELECT 'category', toString(category), replaceAll(category, '_', ' '), category_group, '' FROM category_names
UNION ALL
SELECT DISTINCT 'category_group', toString(category_group), replaceAll(category_group, '_', ' '), '', '' FROM category_names
COMMENT 'Display names of everything that is counted under a slug.
Example: SELECT of, count() AS items FROM item_names GROUP BY of ORDER BY of';
