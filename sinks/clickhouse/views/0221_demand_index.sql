CREATE OR REPLACE VIEW demand_index
(
    item String COMMENT 'Slug of the skill, category or other.',
    day Date COMMENT 'Day in UTC.',
    mean_7d Float64 COMMENT 'Mean of posts over the seven days up to this one.',
    base_mean_7d Float64 COMMENT 'The same at the base date.',
    index_value Nullable(Float64) COMMENT '100 * mean_7d / base_mean_7d; empty where the base is 0.',
    base_posts UInt64 COMMENT 'Posts of the seven days up to the base date: below 30 the index is a rough one.'
)
AS WITH
    parseDateTimeBestEffort({since:String}, 'UTC') AS since,
    parseDateTimeBestEffort({until:String}, 'UTC') AS until,
    toDate(parseDateTimeBestEffort({base_day:String}, 'UTC')) AS base_date
SELECT item, day, mean_7d, max(if(day = base_date, mean_7d, 0)) OVER (PARTITION BY item) AS base_mean_7d,
    100 * mean_7d / nullIf(base_mean_7d, 0) AS index_value, toUInt64(round(7 * base_mean_7d)) AS base_posts
FROM demand_series(of = {of:String}, items = {items:Array(String)},
    since = toString(least(since, toDateTime(base_date, 'UTC'))), until = toString(greatest(until, toDateTime(base_date + 1, 'UTC'))),
    -- include same_filters
)
QUALIFY day >= toDate(since) AND day <= toDate(until - INTERVAL 1 SECOND)
ORDER BY item, day
COMMENT 'Demand as an index, as labour-market trackers publish it: the seven-day trailing mean with the base date at 100.
Formula: index = 100 * mean_7d(day) / mean_7d(base_day).
Arguments: of, items: as in demand_series; base_day; since, until; the five filters.
Example: SELECT day, item, round(mean_7d, 2) AS mean_7d, round(index_value, 1) AS index_value FROM demand_index(of = ''all'', items = [''all''], base_day = ''2025-10-15'', since = ''2025-11-10'', until = ''2025-11-15'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''')';
