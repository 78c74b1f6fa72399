CREATE OR REPLACE VIEW item_names
(
    of LowCardinality(String) COMMENT 'What the item is: ''skill'', ''category'', ''category_group'' or other.',
    item String COMMENT 'Slug.',
    name String COMMENT 'Display name.',
    kind LowCardinality(String) COMMENT 'Kind of a skill; group of a category; else empty.',
    skill_group LowCardinality(String) COMMENT 'Group of categories that a skill belongs to; else empty.'
)
AS WITH (SELECT any(taxonomy_version) FROM active_taxonomy) AS version
SELECT 'skill' AS of, toString(skill) AS item, name, kind, skill_group
FROM skills FINAL WHERE taxonomy_version = version
UNION ALL
SELECT entry.1 AS of, entry.2 AS item, replaceAll(item, '_', ' ') AS name, entry.3 AS kind, '' AS skill_group
FROM
(
    SELECT DISTINCT arrayJoin([('category', toString(category), toString(category_group)), ('category_group', toString(category_group), '')]) AS entry
    FROM categories FINAL WHERE taxonomy_version = version
)
COMMENT 'Display names of everything that is counted under a slug.
Example: SELECT of, count() AS items FROM item_names GROUP BY of ORDER BY of';
