CREATE OR REPLACE VIEW new_skills
(
    skill LowCardinality(String) COMMENT 'Slug of the skill.',
    name String COMMENT 'Display name.',
    kind LowCardinality(String) COMMENT 'Kind of the skill.',
    first_day Date COMMENT 'Day of the first post that asked for it, in all that is stored.',
    posts UInt64 COMMENT 'Posts from then to the end of the range.'
)
AS SELECT seen.skill AS skill, if(skill_names.name = '', replaceAll(skill, '_', ' '), skill_names.name) AS name, skill_names.kind AS kind, first_day, posts
FROM
(
    SELECT skill, min(day) AS first_day, sum(posts) AS posts
    FROM skill_days
    WHERE day < toDate(parseDateTimeBestEffort({until:String}, 'UTC') + INTERVAL 86399 SECOND)
    GROUP BY skill
    HAVING first_day >= toDate(parseDateTimeBestEffort({since:String}, 'UTC'))
) AS seen
LEFT JOIN skill_names ON skill_names.skill = seen.skill
ORDER BY posts DESC, skill
COMMENT 'Skills asked for the first time in a range of whole days.
Formula: first_day = the first day with demand.
Arguments: since, until.
Example: SELECT name, kind, first_day, posts FROM new_skills(since = ''2024-10-08'', until = ''2025-12-01'') LIMIT 5';
