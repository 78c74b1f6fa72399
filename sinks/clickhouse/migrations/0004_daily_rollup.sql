-- Which days changed since they were rolled up must be known at every read, so it must be cheap and exact. A write
-- to a day of a partition of the log always comes with a last_offset above all that were written before it, so
-- the largest one tells the state of that day. A projection holds it: made with each part, never without it.
ALTER TABLE skill_demand MODIFY SETTING deduplicate_merge_projection_mode = 'rebuild';

ALTER TABLE skill_demand ADD PROJECTION marks
(
    SELECT taxonomy_version, toDate(pane_start), source, partition, max(last_offset)
    GROUP BY taxonomy_version, toDate(pane_start), source, partition
);

ALTER TABLE category_demand MODIFY SETTING deduplicate_merge_projection_mode = 'rebuild';

ALTER TABLE category_demand ADD PROJECTION marks
(
    SELECT taxonomy_version, toDate(pane_start), source, partition, max(last_offset)
    GROUP BY taxonomy_version, toDate(pane_start), source, partition
);

-- A month that nobody writes to any more is merged into one part: FINAL has nothing to do there.
ALTER TABLE skill_demand MODIFY SETTING min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1;

ALTER TABLE category_demand MODIFY SETTING min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1;

ALTER TABLE job_posts MODIFY SETTING min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1;

-- Whole months are replaced at once. skill stands first: a series of one skill reads a few granules a month.
CREATE TABLE skill_daily
(
    day Date COMMENT 'Day in UTC.',
    skill LowCardinality(String) COMMENT 'Slug of the skill asked for.',
    category LowCardinality(String) COMMENT 'Category of the posts.',
    ai Bool COMMENT 'Whether the posts involve AI.',
    client_size LowCardinality(String) COMMENT '`smb`, `large` or `unknown`.',
    market LowCardinality(String) COMMENT 'Country code of a market in settings, else `other`.',
    taxonomy_version LowCardinality(String) COMMENT 'Version of the taxonomy that classified the posts.',
    posts UInt32 COMMENT 'Number of posts of this key on that day.' CODEC(T64, ZSTD(1)),
    mark UInt64 COMMENT 'State of the day''s counts when they were added up: see the view `skill_marks`.',
    rolled_at DateTime('UTC') COMMENT 'When the day was added up.',
    PROJECTION marks
    (
        SELECT taxonomy_version, day, max(mark), max(rolled_at)
        GROUP BY taxonomy_version, day
    )
)
ENGINE = MergeTree
PARTITION BY (taxonomy_version, toYYYYMM(day))
ORDER BY (skill, day, category, ai, client_size, market)
COMMENT 'Daily sums of skill_demand, for long ranges. Read it through the view `skill_days`.';

CREATE TABLE category_daily
(
    day Date COMMENT 'Day in UTC.',
    category LowCardinality(String) COMMENT 'Category of the posts.',
    ai Bool COMMENT 'Whether the posts involve AI.',
    client_size LowCardinality(String) COMMENT '`smb`, `large` or `unknown`.',
    market LowCardinality(String) COMMENT 'Country code of a market in settings, else `other`.',
    taxonomy_version LowCardinality(String) COMMENT 'Version of the taxonomy that classified the posts.',
    posts UInt32 COMMENT 'Number of posts of this key on that day.' CODEC(T64, ZSTD(1)),
    mark UInt64 COMMENT 'State of the day''s counts when they were added up: see the view `category_marks`.',
    rolled_at DateTime('UTC') COMMENT 'When the day was added up.',
    PROJECTION marks
    (
        SELECT taxonomy_version, day, max(mark), max(rolled_at)
        GROUP BY taxonomy_version, day
    )
)
ENGINE = MergeTree
PARTITION BY (taxonomy_version, toYYYYMM(day))
ORDER BY (category, day, ai, client_size, market)
COMMENT 'Daily sums of category_demand, for long ranges. Read it through the view `category_days`.';
