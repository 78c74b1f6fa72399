-- What is not kept any more. A month is closed first, so that no worker counts into it while it is being dropped.
CREATE TABLE retention
(
    what LowCardinality(String) COMMENT '`closed`: new posts from before do not count; `posts`: posts from before are dropped, their counts are kept.',
    before Date COMMENT 'First day of the first month that is kept.',
    recorded_at DateTime64(3, 'UTC') COMMENT 'When that was decided.'
)
ENGINE = ReplacingMergeTree
ORDER BY (what, before, recorded_at)
COMMENT 'Which months are closed, and of which the posts are dropped: the largest `before` counts.';

ALTER TABLE dead_letters COMMENT COLUMN reason 'Code of the reason: empty, not_utf8, not_json, invalid, unknown_version, absurd_time, closed_month, key_mismatch, unknown_question, unknown_answer.';
