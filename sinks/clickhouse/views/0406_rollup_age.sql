CREATE OR REPLACE VIEW rollup_age
(
    counts LowCardinality(String) COMMENT '''skill'' or ''category''.',
    days UInt64 COMMENT 'Days with counts.',
    open_days UInt64 COMMENT 'Days that the views add up from panes, because they changed since or were not rolled up yet.',
    oldest_open_day Nullable(Date) COMMENT 'The first of them.',
    rolled_at DateTime('UTC') COMMENT 'When a day was last rolled up; 1970 before the first time.',
    age_seconds Int64 COMMENT 'Seconds since then.'
)
AS SELECT counts, days, open_days, oldest_open_day, rolled_at, toInt64(toUnixTimestamp(now())) - toInt64(toUnixTimestamp(rolled_at)) AS age_seconds
FROM
(
    SELECT 'skill' AS counts, (SELECT count() FROM skill_marks WHERE taxonomy_version = (SELECT any(taxonomy_version) FROM active_taxonomy)) AS days,
        (SELECT (count(), minOrNull(day)) FROM skill_open_days) AS open, open.1 AS open_days, open.2 AS oldest_open_day,
        (SELECT max(rolled_at) FROM skill_daily) AS rolled_at
    UNION ALL
    SELECT 'category', (SELECT count() FROM category_marks WHERE taxonomy_version = (SELECT any(taxonomy_version) FROM active_taxonomy)),
        (SELECT (count(), minOrNull(day)) FROM category_open_days) AS open, open.1, open.2,
        (SELECT max(rolled_at) FROM category_daily)
)
ORDER BY counts
COMMENT 'Age of the daily roll-up. It never makes a figure wrong: open days are read from their panes, only slower.
Example: SELECT counts, days, open_days > 0 AS some_open FROM rollup_age';
