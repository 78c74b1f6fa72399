CREATE OR REPLACE VIEW insert_faults
(
    name LowCardinality(String) COMMENT 'Name of the error.',
    times UInt64 COMMENT 'How often since ClickHouse was started.',
    last_at DateTime('UTC') COMMENT 'When it happened last.',
    seconds_ago Int64 COMMENT 'Seconds since then.',
    last_message String COMMENT 'What it said then.'
)
AS SELECT name, sum(value) AS times, max(last_error_time) AS last_at, dateDiff('second', last_at, now()) AS seconds_ago,
    argMax(last_error_message, last_error_time) AS last_message
FROM system.errors
WHERE name IN ('TOO_MANY_PARTS', 'NOT_ENOUGH_SPACE', 'CANNOT_WRITE_TO_FILE_DESCRIPTOR', 'TABLE_IS_READ_ONLY', 'CHECKSUM_DOESNT_MATCH')
GROUP BY name
ORDER BY last_at DESC
COMMENT 'Errors for which ClickHouse refuses or loses writes. Workers wait and try again; somebody must make room.
Example: SELECT count() AS faults FROM insert_faults WHERE seconds_ago < 60';
