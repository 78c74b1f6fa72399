CREATE OR REPLACE VIEW skill_names
(
    skill LowCardinality(String) COMMENT 'Slug of the skill.',
    name String COMMENT 'Display name.',
    kind LowCardinality(String) COMMENT '`technical`, `creative`, `human`, `business`, `language` or `soft`.',
    skill_group LowCardinality(String) COMMENT 'Group of categories that the skill belongs to.'
)
AS SELECT skill, name, kind, skill_group FROM skills FINAL
WHERE taxonomy_version = (SELECT any(taxonomy_version) FROM active_taxonomy)
COMMENT 'The skills that are counted: those of the active taxonomy.
Example: SELECT kind, count() AS skills FROM skill_names GROUP BY kind ORDER BY skills DESC';
