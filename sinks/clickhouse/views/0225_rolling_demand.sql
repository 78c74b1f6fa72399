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
    -- include range,
    toUInt32(since - {width:UInt32}) AS start_of_first,
    {step:UInt32} % 86400 != 0 OR since % 86400 != 0 AS by_pane,
    intDivOrZero({width:UInt32}, {step:UInt32}) AS wide,
    -- include taxonomy,
    [[start_of_first, until]] AS ranges, {items:Array(String)} AS only_skills
SELECT toDateTime(point.1, 'UTC') AS at, item, toUInt64(point.2) AS posts, toUInt64(point.3) AS of_posts, posts / nullIf(of_posts, 0) AS share
FROM
(
    SELECT item, groupArray(at) AS ends, arrayCumSum(groupArray(toInt64(step_posts))) AS sums, arrayCumSum(groupArray(toInt64(step_of_posts))) AS totals,
        arrayJoin(arrayMap(i -> (ends[i], sums[i] - if(i > wide, sums[i - wide], 0), totals[i] - if(i > wide, totals[i - wide], 0)), range(wide, length(ends) + 1))) AS point
    FROM
    (
        SELECT item, at, sum(part.posts) AS step_posts, sum(sum(part.of_posts)) OVER (PARTITION BY at) AS step_of_posts
        FROM
        (
            SELECT item, toUInt64(start_of_first + (intDiv(toUnixTimestamp(start) - start_of_first, {step:UInt32}) + 1) * {step:UInt32}) AS at, counted.posts AS posts, counted.of_posts AS of_posts
            FROM
            (
                WITH
                -- include counts
            ) AS counted
            UNION ALL
            SELECT arrayJoin({items:Array(String)}) AS item, arrayJoin(range(start_of_first + {step:UInt32}, toUInt64(until + 1), toUInt64({step:UInt32}))) AS at, 0, 0
        ) AS part
        GROUP BY item, at
        ORDER BY item, at
    )
    WHERE item IN {items:Array(String)} AND at <= until
        AND throwIf(moduloOrZero({width:UInt32}, {step:UInt32}) != 0 OR moduloOrZero({step:UInt32}, (SELECT any(pane_seconds) FROM counting_rules)) != 0, 'width must be a multiple of step, and step of the pane') = 0
    GROUP BY item
)
ORDER BY item, at
COMMENT 'Rolling demand: posts over a window of any width that hops by any step.
Formula: rolling(item, width)(at) = demand over [at - width, at).
Arguments: of: as in range_counts; items: slugs; width, step: seconds, width a multiple of step, step of the pane; since, until: first and last end of a window; the five filters.
Example: SELECT at, item, posts, of_posts FROM rolling_demand(of = ''skill'', items = [''python''], width = 86400, step = 21600, since = ''2025-11-14'', until = ''2025-11-15'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''')';
