-- One row a first sighting. Identity is the position in the log (source, partition, offset), so a replay
-- replaces the row by itself. posted_at, which is a function of the position, stands first because nearly every
-- question names a range of time; the sighting loader's ranges of offsets are served by the skip index.
-- taxonomy_version is part of the key and of the partition: a recount stands beside the old and is dropped whole.
CREATE TABLE job_posts
(
    posted_at DateTime('UTC') COMMENT 'When the post was published: the event time, UTC, seconds.',
    source LowCardinality(String) COMMENT 'Incarnation of the topic that carried the post: topic@topic-id.',
    partition UInt16 COMMENT 'Partition of the topic.',
    offset UInt64 COMMENT 'Offset of the first sighting in that partition.',
    taxonomy_version LowCardinality(String) COMMENT 'Version of the taxonomy that classified the post.',
    post_id String COMMENT 'Identity of the post, as the producer gave it.' CODEC(ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') COMMENT 'Timestamp of the Kafka record; the epoch where the log has none.',
    ingested_at DateTime64(3, 'UTC') COMMENT 'When the worker read the record: the ingest time.',
    feed LowCardinality(String) COMMENT 'Field `source` of the event: the marketplace or feed it comes from.',
    title String COMMENT 'Title as given.' CODEC(ZSTD(3)),
    description String COMMENT 'Description as given.' CODEC(ZSTD(3)),
    url String COMMENT 'Address of the post as given; not checked.' CODEC(ZSTD(3)),
    platform_tags Array(LowCardinality(String)) COMMENT 'Field `skills` of the event: the platform''s own tags.',
    platform_category LowCardinality(String) COMMENT 'Field `category` of the event: the platform''s own category.',
    country LowCardinality(String) COMMENT 'Client''s country, ISO 3166 alpha-2; empty where unknown.',
    market LowCardinality(String) COMMENT 'Country code if it is one of the markets in settings, else `other`.',
    contract LowCardinality(String) COMMENT '`hourly`, `fixed` or empty.',
    hourly_min Nullable(Float64) COMMENT 'Lowest pay per hour, in `currency`.',
    hourly_max Nullable(Float64) COMMENT 'Highest pay per hour, in `currency`.',
    fixed_budget Nullable(Float64) COMMENT 'Budget of a fixed-price post, in `currency`.',
    currency LowCardinality(String) COMMENT 'ISO 4217 code; empty where not given.',
    client_size LowCardinality(String) COMMENT '`smb`, `large` or `unknown`.',
    experience_level LowCardinality(String) COMMENT 'Experience level as given.',
    category LowCardinality(String) COMMENT 'What the hired person will do: one of the table `categories`.',
    category_score Float32 COMMENT 'Confidence of `category`, 0 to 1.',
    runner_up LowCardinality(String) COMMENT 'Second most likely category.',
    ai Bool COMMENT 'Whether doing the work involves AI.',
    ai_evidence Array(String) COMMENT 'The texts that made `ai` true.',
    skills Array(LowCardinality(String)) COMMENT 'Skills asked for, each once: slugs of the table `skills`.',
    skill_texts Array(String) COMMENT 'Parallel to `skills`: the matched text as it stands in the post.' CODEC(ZSTD(3)),
    skill_starts Array(Int32) COMMENT 'Parallel to `skills`: place in title + newline + description; -1 for a tag.',
    skill_rules Array(LowCardinality(String)) COMMENT 'Parallel to `skills`: the rule that let the match through.',
    INDEX offsets offset TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY (taxonomy_version, toYYYYMM(posted_at))
ORDER BY (posted_at, source, partition, offset, taxonomy_version)
COMMENT 'One row a first sighting of a job post. Read it through the view `posts`.';

-- Absolute counts. A count at a given last_offset is always the same number, so the row with the largest
-- last_offset is the truth whatever was retried, replayed or written late (ReplacingMergeTree keeps it).
-- pane_start stands first: boards ask for the last hours; long ranges read the daily roll-up.
CREATE TABLE skill_demand
(
    pane_start DateTime('UTC') COMMENT 'Start of the pane [pane_start, pane_start + pane_seconds), UTC.',
    skill LowCardinality(String) COMMENT 'Slug of the skill asked for.',
    category LowCardinality(String) COMMENT 'Category of the posts.',
    ai Bool COMMENT 'Whether the posts involve AI.',
    client_size LowCardinality(String) COMMENT '`smb`, `large` or `unknown`.',
    market LowCardinality(String) COMMENT 'Country code of a market in settings, else `other`.',
    source LowCardinality(String) COMMENT 'Incarnation of the topic.',
    partition UInt16 COMMENT 'Partition of the topic.',
    taxonomy_version LowCardinality(String) COMMENT 'Version of the taxonomy that classified the posts.',
    posts UInt32 COMMENT 'Number of posts of this key up to and including last_offset: absolute, never a difference.',
    last_offset UInt64 COMMENT 'Last offset of the partition that was applied to this count: its version.'
)
ENGINE = ReplacingMergeTree(last_offset)
PARTITION BY (taxonomy_version, toYYYYMM(pane_start))
ORDER BY (pane_start, skill, category, ai, client_size, market, source, partition, taxonomy_version)
COMMENT 'Posts that ask for a skill, by pane and source partition. Read it through the view `skill_panes`.';

CREATE TABLE category_demand
(
    pane_start DateTime('UTC') COMMENT 'Start of the pane [pane_start, pane_start + pane_seconds), UTC.',
    category LowCardinality(String) COMMENT 'Category of the posts.',
    ai Bool COMMENT 'Whether the posts involve AI.',
    client_size LowCardinality(String) COMMENT '`smb`, `large` or `unknown`.',
    market LowCardinality(String) COMMENT 'Country code of a market in settings, else `other`.',
    source LowCardinality(String) COMMENT 'Incarnation of the topic.',
    partition UInt16 COMMENT 'Partition of the topic.',
    taxonomy_version LowCardinality(String) COMMENT 'Version of the taxonomy that classified the posts.',
    posts UInt32 COMMENT 'Number of posts of this key up to and including last_offset: absolute, never a difference.',
    last_offset UInt64 COMMENT 'Last offset of the partition that was applied to this count: its version.'
)
ENGINE = ReplacingMergeTree(last_offset)
PARTITION BY (taxonomy_version, toYYYYMM(pane_start))
ORDER BY (pane_start, category, ai, client_size, market, source, partition, taxonomy_version)
COMMENT 'Posts by pane and source partition: the denominators. Read it through the view `category_panes`.';
