CREATE OR REPLACE VIEW consumer_lag
(
    source LowCardinality(String) COMMENT 'Incarnation of the topic.',
    partition UInt16 COMMENT 'Partition.',
    waiting UInt64 COMMENT 'Records that the log holds and that are not durable here yet.',
    next_offset UInt64 COMMENT 'Offset after the last durable record.',
    end_offset UInt64 COMMENT 'Offset after the last record of the log.',
    worker LowCardinality(String) COMMENT 'Worker that the partition belongs to.',
    measured_at DateTime64(3, 'UTC') COMMENT 'When the broker was asked.',
    seconds_ago Float64 COMMENT 'Seconds since then: more than a minute means that no worker reads the partition.'
)
AS SELECT source, partition, last.1 AS waiting, last.2 AS next_offset, last.3 AS end_offset, last.4 AS worker, newest AS measured_at,
    greatest(0, dateDiff('millisecond', newest, now64(3, 'UTC')) / 1000) AS seconds_ago
FROM
(
    SELECT source, partition, max(measured_at) AS newest,
        argMax((toUInt64(greatest(end_offset, next_offset) - next_offset), next_offset, end_offset, worker), measured_at) AS last
    FROM lag_samples
    WHERE measured_at > now() - INTERVAL 1 DAY
    GROUP BY source, partition
)
ORDER BY source, partition
COMMENT 'Consumer lag: what waits in each partition of the log, at the last measurement of a day. Workers measure every ten seconds.
Formula: waiting = end_offset - next_offset.
Example: SELECT count() AS partitions, sum(waiting) AS waiting FROM consumer_lag';
