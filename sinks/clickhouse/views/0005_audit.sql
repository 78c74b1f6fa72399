-- Posts are stored before their counts. So a post that no count can hold yet is `in flight`: behind the last offset
-- of its partition that was counted, for at most a minute. Counts by category are stored last and say how far that is.
-- A count must lie between the settled posts of its key and those plus the ones in flight; what is missing or too
-- much is the drift.
CREATE OR REPLACE VIEW audit
AS WITH
    (SELECT any(taxonomy_version) FROM active_taxonomy) AS version,
    (SELECT any(pane_seconds) FROM counting_rules) AS pane_seconds,
    reached AS
    (
        SELECT source, partition, max(last_offset) AS last_offset
        FROM category_demand WHERE taxonomy_version = version
        GROUP BY source, partition
    ),
    recomputed AS
    (
        SELECT
            toDateTime(intDivOrZero(toUnixTimestamp(posted_at), pane_seconds) * pane_seconds, 'UTC') AS pane_start,
            arrayJoin(arrayConcat([''], skills)) AS skill, category, ai, client_size, market, source, partition,
            offset <= reached.last_offset OR ingested_at < now() - INTERVAL 1 MINUTE AS settled
        FROM
        (
            SELECT posted_at, skills, category, ai, client_size, market, source, partition, offset, ingested_at
            FROM job_posts FINAL
            WHERE taxonomy_version = version AND posted_at >= {since:DateTime('UTC')} AND posted_at < {until:DateTime('UTC')}
        ) AS job_posts
        LEFT JOIN reached USING (source, partition)
    ),
    every_count AS
    (
        SELECT pane_start, skill, category, ai, client_size, market, source, partition,
            countIf(settled) AS settled_posts, countIf(NOT settled) AS flying_posts, 0 AS counted_posts
        FROM recomputed
        GROUP BY pane_start, skill, category, ai, client_size, market, source, partition
        UNION ALL
        SELECT pane_start, skill, category, ai, client_size, market, source, partition, 0, 0, posts
        FROM skill_demand FINAL
        WHERE taxonomy_version = version AND pane_start >= {since:DateTime('UTC')} AND pane_start < {until:DateTime('UTC')}
        UNION ALL
        SELECT pane_start, '', category, ai, client_size, market, source, partition, 0, 0, posts
        FROM category_demand FINAL
        WHERE taxonomy_version = version AND pane_start >= {since:DateTime('UTC')} AND pane_start < {until:DateTime('UTC')}
    ),
    compared AS
    (
        SELECT pane_start, skill,
            toInt64(sum(settled_posts)) AS settled, toInt64(sum(flying_posts)) AS flying,
            toInt64(sum(counted_posts)) AS counted,
            greatest(settled - counted, counted - settled - flying, 0) AS drifted
        FROM every_count
        GROUP BY pane_start, skill, category, ai, client_size, market, source, partition
    )
SELECT toDate(pane_start, 'UTC') AS day,
    sumIf(settled + flying, skill = '') AS posts,
    sumIf(settled + flying, skill != '') AS mentions,
    count() AS counts,
    sum(flying) AS in_flight,
    sum(drifted) AS drift
FROM compared
GROUP BY day
ORDER BY day
COMMENT 'Recomputes every count of whole days from job_posts, per day: drift is the sum of what is missing or too much, 0 when all is exact. Arguments since and until: UTC midnights.';
