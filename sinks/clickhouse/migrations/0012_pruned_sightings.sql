-- A repeat of a dropped post must stay a repeat whatever process reads it. Kept for the window of sightings, as in memory.
CREATE TABLE pruned_sightings
(
    source LowCardinality(String) COMMENT 'Incarnation of the topic that carried the post.',
    partition UInt16 COMMENT 'Partition of the topic.',
    offset UInt64 COMMENT 'Offset of the first sighting.',
    post_id String COMMENT 'Id of the post.' CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
ORDER BY (source, partition, offset)
COMMENT 'First sightings whose posts were dropped by `skillpulse prune`, as long as a repeat of theirs is recognised.';
