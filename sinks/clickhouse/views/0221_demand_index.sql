CREATE OR REPLACE VIEW demand_index
(
    item String COMMENT 'Slug of the skill, category or other.',
    day Date COMMENT 'Day in UTC.',
    mean_7d Float64 COMMENT 'Mean of posts over the seven days up to this one.',
    base_mean_7d Float64 COMMENT 'The same at the base date.',
    index_value Nullable(Float64) COMMENT '100 * mean_7d / base_mean_7d; empty where the base is 0.',
    base_posts UInt64 COMMENT 'Posts of the seven days up to the base date: below 30 the index is a rough one.'
)
AS SELECT series.item AS item, series.day AS day, series.mean_7d AS mean_7d, base.mean_7d AS base_mean_7d,
    100 * series.mean_7d / nullIf(base.mean_7d, 0) AS index_value, toUInt64(round(7 * base.mean_7d)) AS base_posts
FROM demand_series(of = {of:String}, items = {items:Array(String)}, since = {since:String}, until = {until:String}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String}) AS series
INNER JOIN
(
    SELECT item, mean_7d
    FROM demand_series(of = {of:String}, items = {items:Array(String)}, since = {base_day:String},
        until = toString(toDate(parseDateTimeBestEffort({base_day:String}, 'UTC')) + 1), category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String})
) AS base ON base.item = series.item
ORDER BY item, day
COMMENT 'Demand as an index, as labour-market trackers publish it: the seven-day trailing mean with the base date at 100.
Formula: index = 100 * mean_7d(day) / mean_7d(base_day).
Arguments: of, items: as in demand_series; base_day; since, until; the five filters.
Example: SELECT day, item, round(mean_7d, 2) AS mean_7d, round(index_value, 1) AS index_value FROM demand_index(of = ''all'', items = [''all''], base_day = ''2025-10-15'', since = ''2025-11-10'', until = ''2025-11-15'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''')';
