CREATE OR REPLACE VIEW monthly_seasonal
(
    item String COMMENT 'Slug of the skill, category or other.',
    month Date COMMENT 'First day of the month.',
    per_day Float64 COMMENT 'Posts per day of the month: months differ in length.',
    trend Nullable(Float64) COMMENT 'Trend component.',
    seasonal Nullable(Float64) COMMENT 'Seasonal component.',
    adjusted Nullable(Float64) COMMENT 'per_day - seasonal.',
    method LowCardinality(String) COMMENT '''STL'' or, below two whole years, ''not adjusted: history too short''.'
)
AS SELECT item, point.1 AS month, point.2 AS per_day,
    if(long_enough, point.3, NULL) AS trend, if(long_enough, point.4, NULL) AS seasonal, if(long_enough, point.2 - point.4, NULL) AS adjusted,
    if(long_enough, 'STL', 'not adjusted: history too short') AS method
FROM
(
    SELECT item, length(values) >= 24 AS long_enough,
        seriesDecomposeSTL(if(long_enough, values, arrayWithConstant(48, toFloat64(0))), 12) AS parts,
        arrayJoin(arrayZip(months, values, arrayResize(arrayMap(x -> toFloat64(x), parts[3]), length(values)), arrayResize(arrayMap(x -> toFloat64(x), parts[1]), length(values)))) AS point
    FROM
    (
        SELECT item, groupArray(month) AS months, groupArray(per_day) AS values
        FROM
        (
            SELECT grid.item AS item, grid.month AS month, series.per_day AS per_day
            FROM
            (
                SELECT arrayJoin({items:Array(String)}) AS item,
                    arrayJoin(arrayMap(i -> toStartOfMonth(parseDateTimeBestEffort({since:String}, 'UTC')) + toIntervalMonth(i),
                        range(toUInt32(dateDiff('month', parseDateTimeBestEffort({since:String}, 'UTC'), parseDateTimeBestEffort({until:String}, 'UTC') - INTERVAL 1 SECOND)) + 1))) AS month
            ) AS grid
            LEFT JOIN monthly_series(of = {of:String}, items = {items:Array(String)}, since = {since:String}, until = {until:String},
                -- include same_filters
            ) AS series ON series.item = grid.item AND series.month = grid.month
            WHERE grid.month >=
            (
                SELECT minOrNull(month) FROM monthly_series(of = 'all', items = ['all'], since = {since:String}, until = {until:String},
                    -- include same_filters
                )
            )
            ORDER BY item, month
        )
        GROUP BY item
    )
)
ORDER BY item, month
COMMENT 'Monthly demand per day without the yearly season, where at least two years are at hand; says so where not. The history begins with the first post under the filters.
Formula: adjusted = per_day - seasonal by STL with a period of 12 months.
Arguments: as demand_series.
Example: SELECT month, round(per_day, 2) AS per_day, round(adjusted, 2) AS adjusted, method FROM monthly_seasonal(of = ''category'', items = [''digital_marketing''], since = ''2025-09-01'', until = ''2025-12-01'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''')';
