CREATE OR REPLACE VIEW consumer_lag_series
(
    at DateTime('UTC') COMMENT 'Start of the step.',
    waiting UInt64 COMMENT 'Records that waited in all partitions together, at the last measurement of each in the step.',
    most UInt64 COMMENT 'The same of the partition with the most.'
)
AS SELECT at, sum(last) AS waiting, max(last) AS most
FROM
(
    SELECT toDateTime(intDiv(toUnixTimestamp(measured_at), {step:UInt32}) * {step:UInt32}, 'UTC') AS at, source, partition,
        argMax(toUInt64(greatest(end_offset, next_offset) - next_offset), measured_at) AS last
    FROM lag_samples
    WHERE measured_at >= parseDateTimeBestEffort({since:String}, 'UTC') AND measured_at < parseDateTimeBestEffort({until:String}, 'UTC')
    GROUP BY at, source, partition
)
GROUP BY at
ORDER BY at
COMMENT 'Consumer lag over time, in steps of any length from ten seconds on.
Formula: as in consumer_lag.
Arguments: step: seconds; since, until: processing time.
Example: SELECT max(waiting) AS most_waiting FROM consumer_lag_series(step = 60, since = ''2025-01-01'', until = ''2030-01-01'')';
