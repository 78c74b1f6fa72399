CREATE OR REPLACE VIEW rollup_age
(
    days UInt64 COMMENT 'Days with counts.',
    open_days UInt64 COMMENT 'Days that the views add up from panes, because they changed since or were not rolled up yet.',
    oldest_open_day Nullable(Date) COMMENT 'The first of them.',
    rolled_at DateTime('UTC') COMMENT 'When a day was last rolled up; 1970 before the first time.',
    age_seconds Int64 COMMENT 'Seconds since then.'
)
AS SELECT count() AS days, countIf(open) AS open_days, minOrNullIf(day, open) AS oldest_open_day,
    max(day_states.rolled_at) AS rolled_at, toInt64(toUnixTimestamp(now())) - toInt64(toUnixTimestamp(rolled_at)) AS age_seconds
FROM day_states
WHERE taxonomy_version = (SELECT any(taxonomy_version) FROM active_taxonomy) AND mark != 0
COMMENT 'Age of the daily roll-up. It never makes a figure wrong: open days are read from their panes, only slower.
Example: SELECT days, open_days FROM rollup_age';
