CREATE OR REPLACE VIEW active_taxonomy
(
    taxonomy_version LowCardinality(String) COMMENT 'The version whose counts the views show.',
    activated_at DateTime64(3, 'UTC') COMMENT 'Since when.'
)
AS SELECT taxonomy_version, activated_at FROM taxonomy_activations ORDER BY activated_at DESC LIMIT 1
COMMENT 'The taxonomy version that all views read: one row, none in an empty installation.';
