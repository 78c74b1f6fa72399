CREATE OR REPLACE VIEW pipeline_rates
(
    at DateTime('UTC') COMMENT 'Start of the step.',
    batches UInt64 COMMENT 'Batches made durable.',
    events UInt64 COMMENT 'Records read.',
    posts UInt64 COMMENT 'First sightings.',
    repeats UInt64 COMMENT 'Repeated sightings: counted once, not passed on.',
    dead_letters UInt64 COMMENT 'Rejected records.',
    events_per_second Float64 COMMENT 'events / step.',
    dead_letter_share Nullable(Float64) COMMENT 'dead_letters / events.',
    skills_per_post Nullable(Float64) COMMENT 'Skills asked for per post: a collapse means that extraction or the feed broke.',
    ai_share Nullable(Float64) COMMENT 'Posts that involve AI / posts.',
    batch_size Nullable(Float64) COMMENT 'Records per batch.',
    bytes UInt64 COMMENT 'Bytes of the values read.',
    classify_ms_p50 Nullable(Float64) COMMENT 'Median milliseconds to decode, classify and count a batch.',
    classify_ms_p95 Nullable(Float64) COMMENT '95th percentile.',
    insert_ms_p50 Nullable(Float64) COMMENT 'Median milliseconds of the inserts of a batch.',
    insert_ms_p95 Nullable(Float64) COMMENT '95th percentile.',
    lag_p50 Nullable(Float64) COMMENT 'Seconds from record timestamp to queryable: median over the records, from the medians of batches.',
    lag_p95 Nullable(Float64) COMMENT '95th percentile, from those of batches.',
    lag_p99 Nullable(Float64) COMMENT '99th percentile, from those of batches.',
    lag_max Nullable(Float64) COMMENT 'Longest.'
)
AS SELECT toDateTime(intDiv(toUnixTimestamp(finished_at), {step:UInt32}) * {step:UInt32}, 'UTC') AS at, count() AS batches,
    sum(records) AS events, sum(posts) AS posts, sum(repeats) AS repeats, sum(dead_letters) AS dead_letters,
    events / {step:UInt32} AS events_per_second, dead_letters / nullIf(events, 0) AS dead_letter_share,
    sum(mentions) / nullIf(posts, 0) AS skills_per_post, sum(ai_posts) / nullIf(posts, 0) AS ai_share,
    events / batches AS batch_size, sum(bytes) AS bytes,
    quantileExact(0.5)(toFloat64(classify_ms)) AS classify_ms_p50, quantileExact(0.95)(toFloat64(classify_ms)) AS classify_ms_p95,
    quantileExact(0.5)(toFloat64(insert_ms)) AS insert_ms_p50, quantileExact(0.95)(toFloat64(insert_ms)) AS insert_ms_p95,
    quantileExactWeighted(0.5)(lag_ms_p50, records) / 1000 AS lag_p50, quantileExactWeighted(0.95)(lag_ms_p95, records) / 1000 AS lag_p95,
    quantileExactWeighted(0.99)(lag_ms_p99, records) / 1000 AS lag_p99, max(lag_ms_max) / 1000 AS lag_max
FROM (SELECT finished_at, records, posts, repeats, dead_letters, mentions, ai_posts, bytes, classify_ms, insert_ms, lag_ms_p50, lag_ms_p95, lag_ms_p99, lag_ms_max FROM pipeline_batches
    WHERE finished_at >= parseDateTimeBestEffort({since:String}, 'UTC') AND finished_at < parseDateTimeBestEffort({until:String}, 'UTC'))
GROUP BY at
ORDER BY at
COMMENT 'What came in, what went out, how long it took, in steps of any length of processing time.
Formula: lag = queryable - record timestamp; a percentile of a step is the record-weighted percentile of its batches'' percentiles, the maximum is exact.
Arguments: step: seconds; since, until: processing time.
Example: SELECT sum(events) AS events, sum(posts) AS posts, sum(repeats) AS repeats, sum(dead_letters) AS dead_letters FROM pipeline_rates(step = 3600, since = ''2025-01-01'', until = ''2030-01-01'')';
