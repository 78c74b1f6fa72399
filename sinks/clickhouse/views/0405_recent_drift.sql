CREATE OR REPLACE VIEW recent_drift
(
    day Date COMMENT 'Day in UTC.',
    posts UInt64 COMMENT 'Posts.',
    counts UInt64 COMMENT 'Counts compared.',
    in_flight Int64 COMMENT 'Posts that are stored and not counted yet.',
    drift Int64 COMMENT 'What counts miss or have too much: 0.'
)
AS SELECT day, posts, counts, in_flight, drift
FROM audit(since = toStartOfDay(now(), 'UTC') - INTERVAL 2 DAY, until = toStartOfDay(now(), 'UTC') + INTERVAL 2 DAY)
COMMENT 'The audit of the last three days. A glance while rows are being written can show a drift that is gone in the next second: an alert must ask for some minutes of it.
Formula: as in audit.
Example: SELECT sum(drift) AS drift FROM recent_drift';
