-- Answered from the projection `marks` of skill_demand, which holds one row a day and source partition of each part.
CREATE OR REPLACE VIEW skill_marks
(
    taxonomy_version LowCardinality(String) COMMENT 'Version of the taxonomy.',
    day Date COMMENT 'Day in UTC.',
    mark UInt64 COMMENT 'Changes with every write that changes a count of the day.'
)
AS SELECT taxonomy_version, day, sum(cityHash64(source, partition, last_offset)) AS mark
FROM
(
    SELECT taxonomy_version, toDate(pane_start) AS day, source, partition, max(last_offset) AS last_offset
    FROM skill_demand
    GROUP BY taxonomy_version, day, source, partition
)
GROUP BY taxonomy_version, day
COMMENT 'The state of each day of skill_demand. Formula: sum over source partitions of a hash of the largest last_offset.
Example: SELECT count() AS days, min(day) AS first, max(day) AS last FROM skill_marks';
