-- How far each partition is counted under a version that came after the posts: what makes a recount resumable, and
-- what a worker of the new version completes before it goes on from there.
CREATE TABLE recounts
(
    taxonomy_version LowCardinality(String) COMMENT 'The version counted anew.',
    source LowCardinality(String) COMMENT 'Incarnation of the topic.',
    partition UInt16 COMMENT 'Partition of the topic.',
    next_offset UInt64 COMMENT 'All posts before this offset are counted under the version.',
    recorded_at DateTime64(3, 'UTC') COMMENT 'When that was recorded.'
)
ENGINE = ReplacingMergeTree(next_offset)
ORDER BY (taxonomy_version, source, partition)
COMMENT 'Progress of recounts under a new taxonomy.';
