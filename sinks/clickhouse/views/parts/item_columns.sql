    item String COMMENT 'Slug of the skill, category or other.',
    name String COMMENT 'Display name.',
    kind LowCardinality(String) COMMENT 'Kind of a skill, group of a category.'
