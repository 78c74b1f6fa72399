CREATE OR REPLACE VIEW pace
(
    at DateTime('UTC') COMMENT 'Start of the step.',
    posts UInt64 COMMENT 'Posts of the step.',
    per_minute Float64 COMMENT 'Posts per minute.',
    posts_week_before UInt64 COMMENT 'Posts of the same step seven days earlier.',
    per_minute_week_before Float64 COMMENT 'Posts per minute seven days earlier.',
    ai_posts UInt64 COMMENT 'Of the posts, those that involve AI.',
    ai_share Nullable(Float64) COMMENT 'ai_posts / posts.'
)
AS WITH
    -- include range,
    604800 AS week,
    {step:UInt32} % 86400 != 0 AS by_pane
SELECT toDateTime(point.1, 'UTC') AS at, sum(point.2) AS posts, posts * 60 / {step:UInt32} AS per_minute,
    sum(point.3) AS posts_week_before, posts_week_before * 60 / {step:UInt32} AS per_minute_week_before,
    sum(point.4) AS ai_posts, ai_posts / nullIf(posts, 0) AS ai_share
FROM
(
    -- a step stands in its own row, and in that of the week after as what was before
    SELECT arrayJoin([(step_start, in_range, 0, with_ai), (step_start + week, 0, in_week_before, 0)]) AS point
    FROM
    (
        SELECT toUInt64(intDiv(toUnixTimestamp(start), {step:UInt32})) * {step:UInt32} AS step_start,
            sumIf(part.posts, start >= since AND start < until) AS in_range, sumIf(part.posts, ai AND start >= since AND start < until) AS with_ai,
            sumIf(part.posts, start >= since - week AND start < until - week) AS in_week_before
        FROM range_counts(of = 'all', skills = [], ranges = [[since, until], [since - week, until - week]], by_pane = by_pane,
            -- include same_filters
        ) AS part
        GROUP BY step_start
    )
    UNION ALL
    SELECT (arrayJoin(range(toUInt64(intDiv(since, {step:UInt32})) * {step:UInt32}, toUInt64(until), toUInt64({step:UInt32}))), 0, 0, 0)
)
WHERE point.1 >= intDiv(since, {step:UInt32}) * {step:UInt32} AND point.1 < until
GROUP BY at
ORDER BY at
COMMENT 'Posts per minute against the same time a week earlier, in steps of any length.
Formula: per_minute = posts * 60 / step.
Arguments: step: seconds, a divisor of 604800 and a multiple of the pane; since, until, the five filters.
Example: SELECT at, posts, round(per_minute, 2) AS per_minute, posts_week_before, ai_posts FROM pace(step = 3600, since = ''2025-11-20 06:00'', until = ''2025-11-20 10:00'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''')';
