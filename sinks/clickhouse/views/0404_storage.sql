CREATE OR REPLACE VIEW storage
(
    table LowCardinality(String) COMMENT 'Table.',
    partitions UInt64 COMMENT 'Partitions.',
    parts UInt64 COMMENT 'Active parts.',
    most_parts UInt64 COMMENT 'Most active parts of one partition: above 100 merges are behind, at 3000 inserts are refused.',
    rows UInt64 COMMENT 'Rows, with versions that merges have not yet removed.',
    bytes UInt64 COMMENT 'Bytes on disk.',
    merges UInt64 COMMENT 'Merges that are running.',
    longest_merge Float64 COMMENT 'Seconds that the longest of them has been running.'
)
AS SELECT parts.table AS table, partitions, parts.parts AS parts, most_parts, rows, bytes, merges.merges AS merges, longest_merge
FROM
(
    SELECT table, count() AS partitions, sum(partition_parts) AS parts, max(partition_parts) AS most_parts, sum(part_rows) AS rows, sum(part_bytes) AS bytes
    FROM (SELECT table, partition, count() AS partition_parts, sum(rows) AS part_rows, sum(bytes_on_disk) AS part_bytes
        FROM system.parts WHERE active AND database = currentDatabase() GROUP BY table, partition)
    GROUP BY table
) AS parts
LEFT JOIN
(
    SELECT table, count() AS merges, max(elapsed) AS longest_merge FROM system.merges WHERE database = currentDatabase() GROUP BY table
) AS merges ON merges.table = parts.table
ORDER BY bytes DESC
COMMENT 'Parts and merges of every table: whether the storage keeps up.
Example: SELECT table, partitions, rows FROM storage WHERE table IN (''job_posts'', ''skill_demand'') ORDER BY table';
