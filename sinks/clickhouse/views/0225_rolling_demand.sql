-- Running totals make one pass of any width: a window is the difference of two of them.
CREATE OR REPLACE VIEW rolling_demand
(
    at DateTime('UTC') COMMENT 'End of the window, not included.',
    item String COMMENT 'Slug of the skill, category or other.',
    posts UInt64 COMMENT 'Demand over [at - width, at).',
    of_posts UInt64 COMMENT 'All posts over the same window.',
    share Nullable(Float64) COMMENT 'posts / of_posts.'
)
AS WITH
    toInt64(toUnixTimestamp(parseDateTimeBestEffort({since:String}, 'UTC'))) AS first,
    toInt64(toUnixTimestamp(parseDateTimeBestEffort({until:String}, 'UTC'))) AS last,
    intDivOrZero({width:UInt32}, {step:UInt32}) AS wide
SELECT toDateTime(point.1, 'UTC') AS at, item, toUInt64(point.2) AS posts, toUInt64(point.3) AS of_posts, posts / nullIf(of_posts, 0) AS share
FROM
(
    SELECT item, arrayCumSum(groupArray(toInt64(posts))) AS posts, arrayCumSum(groupArray(toInt64(of_posts))) AS totals, groupArray(at) AS ends,
        arrayJoin(arrayMap(i -> (ends[i], posts[i] - if(i > wide, posts[i - wide], 0), totals[i] - if(i > wide, totals[i - wide], 0)), range(wide, length(ends) + 1))) AS point
    FROM
    (
        SELECT grid.at AS at, grid.item AS item, counted.posts AS posts, total.posts AS of_posts
        FROM
        (
            SELECT arrayJoin({items:Array(String)}) AS item, arrayJoin(range(first - {width:UInt32} + {step:UInt32}, last + 1, {step:UInt32})) AS at
        ) AS grid
        LEFT JOIN
        (
            SELECT item, first + (intDiv(toInt64(toUnixTimestamp(start)) - toInt64(first) + {width:UInt32}, {step:UInt32}) + 1) * {step:UInt32} - {width:UInt32} AS at, sum(posts) AS posts
            FROM item_starts(of = {of:String}, step = {step:UInt32}, since = toString(parseDateTimeBestEffort({since:String}, 'UTC') - toIntervalSecond({width:UInt32})), until = {until:String}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String})
            WHERE item IN {items:Array(String)}
            GROUP BY item, at
        ) AS counted ON counted.item = grid.item AND counted.at = grid.at
        LEFT JOIN
        (
            SELECT first + (intDiv(toInt64(toUnixTimestamp(start)) - toInt64(first) + {width:UInt32}, {step:UInt32}) + 1) * {step:UInt32} - {width:UInt32} AS at, sum(posts) AS posts
            FROM item_starts(of = 'all', step = {step:UInt32}, since = toString(parseDateTimeBestEffort({since:String}, 'UTC') - toIntervalSecond({width:UInt32})), until = {until:String}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String})
            GROUP BY at
        ) AS total ON total.at = grid.at
        ORDER BY item, at
    )
    WHERE throwIf(moduloOrZero({width:UInt32}, {step:UInt32}) != 0 OR moduloOrZero({step:UInt32}, (SELECT any(pane_seconds) FROM counting_rules)) != 0, 'width must be a multiple of step, and step of the pane') = 0
    GROUP BY item
)
ORDER BY item, at
COMMENT 'Rolling demand: posts over a window of any width that hops by any step.
Formula: rolling(item, width)(at) = demand over [at - width, at).
Arguments: of: as in item_panes; items: slugs; width, step: seconds, width a multiple of step, step of the pane; since, until: first and last end of a window; the five filters.
Example: SELECT at, item, posts, of_posts FROM rolling_demand(of = ''skill'', items = [''python''], width = 86400, step = 21600, since = ''2025-11-14'', until = ''2025-11-15'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''')';
