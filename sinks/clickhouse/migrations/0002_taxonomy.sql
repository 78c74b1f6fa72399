-- Dimension tables, replaced whole at each version: rows of older versions stay until the version is dropped.
CREATE TABLE skills
(
    skill LowCardinality(String) COMMENT 'Slug of the skill.',
    name String COMMENT 'Display name.',
    kind LowCardinality(String) COMMENT '`technical`, `creative`, `human`, `business`, `language` or `soft`.',
    skill_group LowCardinality(String) COMMENT 'Group of categories that the skill belongs to.',
    taxonomy_version LowCardinality(String) COMMENT 'Version of the taxonomy that has this skill.'
)
ENGINE = ReplacingMergeTree
ORDER BY (taxonomy_version, skill)
COMMENT 'The skills of each taxonomy version.';

CREATE TABLE categories
(
    category LowCardinality(String) COMMENT 'Slug of the category.',
    category_group LowCardinality(String) COMMENT 'One of 11 groups of categories.',
    covers String COMMENT 'What work the category covers.',
    taxonomy_version LowCardinality(String) COMMENT 'Version of the taxonomy that has this category.'
)
ENGINE = ReplacingMergeTree
ORDER BY (taxonomy_version, category)
COMMENT 'The categories of each taxonomy version.';

-- The last row says which version the views read; a recount inserts one more row when it is complete.
CREATE TABLE taxonomy_activations
(
    activated_at DateTime64(3, 'UTC') COMMENT 'When the views were switched to the version.',
    taxonomy_version LowCardinality(String) COMMENT 'The version that the views read from then on.'
)
ENGINE = MergeTree
ORDER BY activated_at
COMMENT 'Which taxonomy version the views read, and since when.';

-- Counts made under different rules must never be added up: a worker with other rules refuses to start.
CREATE TABLE counting_rules
(
    pane_seconds UInt32 COMMENT 'Width of a pane, in seconds.',
    markets Array(String) COMMENT 'Countries counted under their code.',
    sightings_window UInt64 COMMENT 'Messages of a partition for which a repeated post_id is known.',
    recorded_at DateTime64(3, 'UTC') COMMENT 'When the first worker recorded them.'
)
ENGINE = MergeTree
ORDER BY recorded_at
COMMENT 'The rules that decide how posts are counted here: one row.';
