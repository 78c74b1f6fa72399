CREATE OR REPLACE VIEW month_ranges
(
    month Date COMMENT 'First day of the month.',
    partial Bool COMMENT 'Whether the month is running at as_of.',
    elapsed_days Float64 COMMENT 'Days of the month that are counted.',
    since DateTime('UTC') COMMENT 'Start of the month.',
    until DateTime('UTC') COMMENT 'Its end, or as_of while it is running.',
    before_since DateTime('UTC') COMMENT 'Start of the month before.',
    before_until DateTime('UTC') COMMENT 'The same elapsed part of the month before, at most its end.',
    year_since DateTime('UTC') COMMENT 'Start of the same month a year before.',
    year_until DateTime('UTC') COMMENT 'The same elapsed part of it, at most its end.'
)
AS WITH
    toStartOfMonth(parseDateTimeBestEffort(if({month:String} = '', {as_of:String}, {month:String}), 'UTC')) AS month_day,
    parseDateTimeBestEffort({as_of:String}, 'UTC') AS as_of,
    toDateTime(month_day, 'UTC') AS month_start,
    toDateTime(month_day + INTERVAL 1 MONTH, 'UTC') AS month_end,
    least(month_end, greatest(month_start, as_of)) AS cut,
    toUnixTimestamp(cut) - toUnixTimestamp(month_start) AS elapsed,
    CAST(cut < month_end, 'Bool') AS running
SELECT month_day AS month, running AS partial, elapsed / 86400 AS elapsed_days,
    month_start AS since, cut AS until,
    toDateTime(month_day - INTERVAL 1 MONTH, 'UTC') AS before_since,
    if(running, least(before_since + elapsed, month_start), month_start) AS before_until,
    toDateTime(month_day - INTERVAL 1 YEAR, 'UTC') AS year_since,
    if(running, least(year_since + elapsed, toDateTime(month_day - INTERVAL 11 MONTH, 'UTC')), toDateTime(month_day - INTERVAL 11 MONTH, 'UTC')) AS year_until
COMMENT 'The ranges that growth compares: a month with the month before and the year before. A running month is compared with the same elapsed part.
Arguments: month: any day of it, '''' for the month of as_of; as_of: the present, or the newest post''s time for history.
Example: SELECT * FROM month_ranges(month = ''2025-11-01'', as_of = ''2025-11-20 12:00'')';
