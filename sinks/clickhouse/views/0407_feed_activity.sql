CREATE OR REPLACE VIEW feed_activity
(
    feed LowCardinality(String) COMMENT 'Marketplace or feed.',
    posts UInt64 COMMENT 'Posts in [until - width, until).',
    usual Float64 COMMENT 'Mean of the same hours of the four weeks before.',
    ratio Nullable(Float64) COMMENT 'posts / usual.'
)
AS SELECT feed, countIf(weeks = 0) AS posts, countIf(weeks > 0) / 4 AS usual, posts / nullIf(usual, 0) AS ratio
FROM
(
    SELECT feed, intDiv(toUnixTimestamp(parseDateTimeBestEffort({until:String}, 'UTC')) - 1 - toUnixTimestamp(posted_at), 604800) AS weeks
    FROM posts
    WHERE posted_at >= parseDateTimeBestEffort({until:String}, 'UTC') - INTERVAL 28 DAY - toIntervalSecond({width:UInt32}) AND posted_at < parseDateTimeBestEffort({until:String}, 'UTC')
        AND (toUnixTimestamp(parseDateTimeBestEffort({until:String}, 'UTC')) - 1 - toUnixTimestamp(posted_at)) % 604800 < {width:UInt32}
)
GROUP BY feed
ORDER BY usual DESC, feed
COMMENT 'Each feed against its own baseline: one that falls silent stands out.
Formula: usual = posts of the same hours of the four weeks before / 4.
Arguments: until; width: seconds, at most a week.
Example: SELECT feed, posts, usual FROM feed_activity(until = ''2025-11-20 10:00'', width = 86400)';
