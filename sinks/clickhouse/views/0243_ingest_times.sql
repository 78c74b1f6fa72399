CREATE OR REPLACE VIEW ingest_times
(
    feed LowCardinality(String) COMMENT 'Marketplace or feed.',
    day Date COMMENT 'Day of posting, UTC.',
    posts UInt64 COMMENT 'Posts.',
    p50 Float64 COMMENT 'Median seconds from posting to ingest.',
    p95 Float64 COMMENT '95th percentile.',
    p99 Float64 COMMENT '99th percentile.',
    longest Float64 COMMENT 'Longest.'
)
AS SELECT feed, day, posts, levels[1] AS p50, levels[2] AS p95, levels[3] AS p99, longest
FROM
(
    SELECT feed, toDate(posted_at) AS day, count() AS posts, quantilesExact(0.5, 0.95, 0.99)(seconds) AS levels, max(seconds) AS longest
    FROM (SELECT feed, posted_at, dateDiff('millisecond', toDateTime64(posted_at, 3, 'UTC'), ingested_at) / 1000 AS seconds FROM posts
        WHERE posted_at >= parseDateTimeBestEffort({since:String}, 'UTC') AND posted_at < parseDateTimeBestEffort({until:String}, 'UTC'))
    GROUP BY feed, day
)
ORDER BY feed, day
COMMENT 'Time from posting to ingest by feed and day: how old a post is when it arrives.
Formula: ingested_at - posted_at.
Arguments: since, until.
Example: SELECT feed, sum(posts) AS posts, round(max(p50), 3) AS p50, round(max(p95), 3) AS p95 FROM ingest_times(since = now(''UTC'') - INTERVAL 15 MINUTE, until = now(''UTC'')) GROUP BY feed';
