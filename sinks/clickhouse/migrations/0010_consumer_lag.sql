-- What only workers know: they ask the broker where the log ends. Kept for two weeks, a row a partition and ten seconds.
CREATE TABLE lag_samples
(
    measured_at DateTime64(3, 'UTC') COMMENT 'When the broker was asked.',
    worker LowCardinality(String) COMMENT 'Host and process of the worker that the partition belonged to.',
    source LowCardinality(String) COMMENT 'Incarnation of the topic.',
    partition UInt16 COMMENT 'Partition of the topic.',
    next_offset UInt64 COMMENT 'Offset after the last record that was durable.',
    end_offset UInt64 COMMENT 'Offset after the last record of the log.'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(measured_at)
ORDER BY (measured_at, source, partition)
TTL toDateTime(measured_at) + INTERVAL 14 DAY
COMMENT 'How far the log was ahead of what was durable, measured by the workers. Read it through the view `consumer_lag`.';
