CREATE OR REPLACE VIEW demand_seasonal
(
    item String COMMENT 'Slug of the skill, category or other.',
    day Date COMMENT 'Day, or first day of the month.',
    posts Float64 COMMENT 'Posts of the day, or per day of the month.',
    trend Nullable(Float64) COMMENT 'Trend component.',
    seasonal Nullable(Float64) COMMENT 'Seasonal component.',
    adjusted Nullable(Float64) COMMENT 'posts - seasonal: what is left without the season.',
    method LowCardinality(String) COMMENT '''STL'' or, where the history is too short, ''not adjusted: history too short''.'
)
AS SELECT item, point.1 AS day, point.2 AS posts,
    if(long_enough, point.3, NULL) AS trend, if(long_enough, point.4, NULL) AS seasonal, if(long_enough, point.2 - point.4, NULL) AS adjusted,
    if(long_enough, 'STL', 'not adjusted: history too short') AS method
FROM
(
    SELECT item, length(values) >= 4 * 7 AS long_enough,
        seriesDecomposeSTL(if(long_enough, values, arrayWithConstant(28, toFloat64(0))), 7) AS parts,
        arrayJoin(arrayZip(days, values, arrayResize(arrayMap(x -> toFloat64(x), parts[3]), length(values)), arrayResize(arrayMap(x -> toFloat64(x), parts[1]), length(values)))) AS point
    FROM
    (
        SELECT item, groupArray(day) AS days, groupArray(toFloat64(posts)) AS values
        FROM (SELECT item, day, posts FROM demand_series(of = {of:String}, items = {items:Array(String)}, since = {since:String}, until = {until:String},
            -- include same_filters
        )
            QUALIFY max(of_posts) OVER (PARTITION BY item ORDER BY day) > 0
            ORDER BY item, day)
        GROUP BY item
    )
)
ORDER BY item, day
COMMENT 'Daily demand without the weekly rhythm; says so where fewer than four weeks are at hand. The history begins with the first post under the filters.
Formula: adjusted = posts - seasonal by STL with a period of 7 days (Cleveland et al., 1990, Journal of Official Statistics 6:3).
Arguments: as demand_series.
Example: SELECT day, posts, round(seasonal, 2) AS seasonal, round(adjusted, 2) AS adjusted, method FROM demand_seasonal(of = ''all'', items = [''all''], since = ''2025-09-01'', until = ''2025-11-01'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') ORDER BY day DESC LIMIT 5';
