-- Answered from the projections `marks`, which hold a row a day and source partition of each part.
-- A day is taken from the roll-up only a while after it was rolled up: a query that looks at this view and at
-- daily_demand in two moments then sees the same days in both, whatever is replaced in between.
CREATE OR REPLACE VIEW day_states
(
    taxonomy_version LowCardinality(String) COMMENT 'Version of the taxonomy.',
    day Date COMMENT 'Day in UTC.',
    mark UInt64 COMMENT 'Changes with every batch that counts a post of the day; 0 for a day without counts.',
    rolled_mark UInt64 COMMENT 'Its mark when it was rolled up; 0 before.',
    rolled_at DateTime('UTC') COMMENT 'When that was; 1970 before.',
    open Bool COMMENT 'Whether views add the day up from its panes, since it changed after it was rolled up.'
)
AS SELECT taxonomy_version, day, sum(counted) AS mark, max(rolled) AS rolled_mark, max(at) AS rolled_at,
    CAST(mark != rolled_mark OR rolled_at > now() - INTERVAL 15 SECOND, 'Bool') AS open
FROM
(
    SELECT taxonomy_version, day, cityHash64(source, partition, last_offset) AS counted, 0 AS rolled, toDateTime(0, 'UTC') AS at
    FROM
    (
        SELECT taxonomy_version, toDate(pane_start) AS day, source, partition, max(last_offset) AS last_offset
        FROM category_demand
        GROUP BY taxonomy_version, day, source, partition
    )
    UNION ALL
    SELECT taxonomy_version, day, 0, max(daily_demand.mark), max(daily_demand.rolled_at)
    FROM daily_demand
    GROUP BY taxonomy_version, day
)
GROUP BY taxonomy_version, day
COMMENT 'What each day''s counts have come to, and whether the roll-up daily_demand holds them so.
Formula: mark = sum over source partitions of a hash of the largest last_offset.
Example: SELECT count() AS days, countIf(open) AS open_days FROM day_states';
