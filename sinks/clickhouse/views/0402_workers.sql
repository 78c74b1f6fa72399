CREATE OR REPLACE VIEW workers
(
    worker LowCardinality(String) COMMENT 'Host and process.',
    last_batch_at DateTime64(3, 'UTC') COMMENT 'When its last batch was durable.',
    seconds_ago Float64 COMMENT 'Seconds since then.',
    partitions UInt64 COMMENT 'Partitions that it read in the last hour before that.',
    events_last_hour UInt64 COMMENT 'Records that it read in that hour.'
)
AS SELECT worker, max(finished_at) AS last_batch_at, greatest(0, dateDiff('millisecond', last_batch_at, now64(3, 'UTC')) / 1000) AS seconds_ago,
    uniqExactIf(partition, finished_at > newest - INTERVAL 1 HOUR) AS partitions, sumIf(records, finished_at > newest - INTERVAL 1 HOUR) AS events_last_hour
FROM
(
    SELECT worker, finished_at, partition, records, max(finished_at) OVER (PARTITION BY worker) AS newest
    FROM pipeline_batches
    WHERE finished_at > now() - INTERVAL 1 DAY
)
GROUP BY worker
ORDER BY last_batch_at DESC
COMMENT 'Liveness: the last batch of every worker of the last day. A worker without records to read makes no batches.
Formula: seconds_ago = now - last_batch_at.
Example: SELECT count() AS workers, sum(events_last_hour) AS events FROM workers';
