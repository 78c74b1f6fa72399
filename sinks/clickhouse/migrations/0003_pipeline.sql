-- The incarnations of topics, in the order in which they were first seen.
CREATE TABLE sources
(
    topic LowCardinality(String) COMMENT 'Name of the topic.',
    source LowCardinality(String) COMMENT 'Incarnation of the topic: topic@topic-id.',
    first_seen_at DateTime64(3, 'UTC') COMMENT 'When a worker first met this incarnation.'
)
ENGINE = ReplacingMergeTree
ORDER BY (topic, source)
COMMENT 'Every incarnation of a topic; a topic that was deleted and made anew is another source.';

-- Identity is the position in the log, as in job_posts. Kept for 90 days: the time to mend and replay.
CREATE TABLE dead_letters
(
    source LowCardinality(String) COMMENT 'Incarnation of the topic that carried the record.',
    partition UInt16 COMMENT 'Partition of the topic.',
    offset UInt64 COMMENT 'Offset of the record.',
    recorded_at DateTime64(3, 'UTC') COMMENT 'Timestamp of the Kafka record; the epoch where the log has none.',
    rejected_at DateTime64(3, 'UTC') COMMENT 'When the worker rejected it.',
    reason LowCardinality(String) COMMENT 'Code of the reason: empty, not_utf8, not_json, invalid, unknown_version, absurd_time, key_mismatch.',
    detail String COMMENT 'The reason in a sentence.',
    record_key String COMMENT 'Key of the record, bytes as they were.' CODEC(ZSTD(3)),
    record_value String COMMENT 'Value of the record, bytes as they were.' CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
ORDER BY (source, partition, offset)
TTL toDateTime(rejected_at) + INTERVAL 90 DAY
COMMENT 'Records that could not be counted, with reason and position.';

CREATE TABLE pipeline_batches
(
    finished_at DateTime64(3, 'UTC') COMMENT 'When ClickHouse had confirmed the posts and counts of the batch.',
    worker LowCardinality(String) COMMENT 'Host and process of the worker.',
    source LowCardinality(String) COMMENT 'Incarnation of the topic.',
    partition UInt16 COMMENT 'Partition of the topic.',
    first_offset UInt64 COMMENT 'First offset of the batch.',
    last_offset UInt64 COMMENT 'Last offset of the batch.',
    records UInt32 COMMENT 'Records read.',
    bytes UInt64 COMMENT 'Bytes of the values read.',
    posts UInt32 COMMENT 'First sightings among them.',
    repeats UInt32 COMMENT 'Repeated sightings among them.',
    dead_letters UInt32 COMMENT 'Rejected records among them.',
    mentions UInt32 COMMENT 'Skills asked for, summed over the posts.',
    ai_posts UInt32 COMMENT 'Posts that involve AI.',
    classify_ms Float32 COMMENT 'Milliseconds to decode, sight, classify and count the batch.',
    insert_ms Float32 COMMENT 'Milliseconds of the inserts that the batch shared.',
    lag_ms_p50 Float32 COMMENT 'Median milliseconds from record timestamp to queryable.',
    lag_ms_p95 Float32 COMMENT '95th percentile of the same.',
    lag_ms_p99 Float32 COMMENT '99th percentile of the same.',
    lag_ms_max Float32 COMMENT 'Largest of the same.'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(finished_at)
ORDER BY (finished_at, source, partition)
TTL toDateTime(finished_at) + INTERVAL 90 DAY
COMMENT 'One row a batch of one partition: what came in, what went out, how long it took.';
