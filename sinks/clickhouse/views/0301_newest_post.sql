CREATE OR REPLACE VIEW newest_post
(
    posted_at DateTime('UTC') COMMENT 'When the newest post was published; 1970 in an empty installation.',
    ingested_at DateTime64(3, 'UTC') COMMENT 'When it was read.',
    age_seconds Int64 COMMENT 'Seconds since it was published.',
    seconds_since_ingest Int64 COMMENT 'Seconds since a worker last stored a batch; empty installations: since 1970.'
)
AS SELECT max(newest.1) AS posted_at, max(newest.2) AS ingested_at, toInt64(toUnixTimestamp(now())) - toInt64(toUnixTimestamp(posted_at)) AS age_seconds,
    toInt64(toUnixTimestamp(now())) - toInt64((SELECT toUnixTimestamp(max(finished_at)) FROM pipeline_batches)) AS seconds_since_ingest
FROM (SELECT (posted_at, ingested_at) AS newest FROM job_posts ORDER BY job_posts.posted_at DESC LIMIT 1)
COMMENT 'The newest post and its age: how fresh all figures are.
Formula: age_seconds = now - posted_at.
Example: SELECT posted_at, ingested_at FROM newest_post';
