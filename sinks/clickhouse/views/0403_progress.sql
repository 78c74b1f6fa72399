CREATE OR REPLACE VIEW progress
(
    source LowCardinality(String) COMMENT 'Incarnation of the topic.',
    partition UInt16 COMMENT 'Partition.',
    last_offset UInt64 COMMENT 'Last offset that is durable here.',
    events UInt64 COMMENT 'Records read within the 90 days that are kept.',
    last_batch_at DateTime64(3, 'UTC') COMMENT 'When.',
    worker LowCardinality(String) COMMENT 'By whom.'
)
AS SELECT source, partition, max(pipeline_batches.last_offset) AS last_offset, sum(records) AS events, max(finished_at) AS last_batch_at, argMax(pipeline_batches.worker, finished_at) AS worker
FROM pipeline_batches
GROUP BY source, partition
ORDER BY source, partition
COMMENT 'How far each partition of the log has come. What the log still holds beyond: `consumer_lag`.
Example: SELECT count() AS partitions, sum(events) AS events FROM progress';
