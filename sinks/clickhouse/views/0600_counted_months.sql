-- Complete months first, so that the first choice of a list rests on a whole month.
CREATE OR REPLACE VIEW counted_months
(
    month Date COMMENT 'First day of the month.',
    label String COMMENT 'Name of the month in words, with a note while it is running.',
    complete Bool COMMENT 'Whether the month has ended.',
    days UInt64 COMMENT 'Days of it that have posts.'
)
AS SELECT month, formatDateTime(month, '%M %Y') || if(complete, '', ' (running)') AS label,
    CAST(month < toStartOfMonth(now('UTC')), 'Bool') AS complete, days
FROM (SELECT toStartOfMonth(day) AS month, uniqExact(day) AS days FROM category_days GROUP BY month)
ORDER BY complete DESC, month DESC
COMMENT 'The months that have posts, for lists to choose from: complete ones first, the newest on top.
Example: SELECT month, label, complete FROM counted_months WHERE month <= ''2025-11-01'' LIMIT 3';
