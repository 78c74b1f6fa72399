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
AS SELECT toDateTime(grid.at, 'UTC') AS at, this.posts AS posts, posts * 60 / {step:UInt32} AS per_minute,
    week.posts AS posts_week_before, posts_week_before * 60 / {step:UInt32} AS per_minute_week_before,
    this.ai_posts AS ai_posts, ai_posts / nullIf(posts, 0) AS ai_share
FROM
(
    SELECT arrayJoin(range(toUInt64(intDiv(toUnixTimestamp(parseDateTimeBestEffort({since:String}, 'UTC')), {step:UInt32}) * {step:UInt32}),
        toUInt64(toUnixTimestamp(parseDateTimeBestEffort({until:String}, 'UTC'))), {step:UInt32})) AS at
) AS grid
LEFT JOIN
(
    SELECT intDiv(toUnixTimestamp(pane_start), {step:UInt32}) * {step:UInt32} AS at, sum(part.posts) AS posts, sumIf(part.posts, ai) AS ai_posts
    FROM item_panes(of = 'all', since = {since:String}, until = {until:String}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String}) AS part GROUP BY at
) AS this ON this.at = grid.at
LEFT JOIN
(
    SELECT intDiv(toUnixTimestamp(pane_start) + 604800, {step:UInt32}) * {step:UInt32} AS at, sum(posts) AS posts
    FROM item_panes(of = 'all', since = toString(parseDateTimeBestEffort({since:String}, 'UTC') - INTERVAL 7 DAY),
        until = toString(parseDateTimeBestEffort({until:String}, 'UTC') - INTERVAL 7 DAY), category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String}) GROUP BY at
) AS week ON week.at = grid.at
ORDER BY at
COMMENT 'Posts per minute against the same time a week earlier, in steps of any length.
Formula: per_minute = posts * 60 / step.
Arguments: step: seconds, a divisor of 604800 and a multiple of the pane; since, until, the five filters.
Example: SELECT at, posts, per_minute, posts_week_before, ai_posts FROM pace(step = 3600, since = ''2025-11-20 06:00'', until = ''2025-11-20 10:00'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''')';
