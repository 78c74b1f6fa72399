CREATE OR REPLACE VIEW signals
(
    started_at DateTime('UTC') COMMENT 'When it was found: the end of the window that it compared.',
    ended_at Nullable(DateTime('UTC')) COMMENT 'When it was over; empty while it lasts.',
    lasts Bool COMMENT 'Whether it lasts.',
    kind LowCardinality(String) COMMENT '`skill`, `category`, or `all` for all posts together.',
    item LowCardinality(String) COMMENT 'Slug of the skill or category.',
    name String COMMENT 'Display name.',
    direction LowCardinality(String) COMMENT '`spike` or `drop`.',
    width UInt32 COMMENT 'Width of the window, in seconds.',
    posts UInt64 COMMENT 'Posts in the window.',
    expected Float64 COMMENT 'Posts expected in the window.',
    ratio Float64 COMMENT 'posts / expected.',
    baseline Array(UInt64) COMMENT 'Posts in the same hours (at least one hour) one, two, three and four weeks before.',
    rest_growth Float64 COMMENT 'All other posts in the window / expected of them.',
    p_value Float64 COMMENT 'Chance of such a count if nothing has changed.',
    p_limit Float64 COMMENT 'What p_value had to fall below.'
)
AS SELECT started_at, ended_at, CAST(isNull(ended_at), 'Bool') AS lasts, kind, found.item AS item,
    multiIf(kind = 'skill' AND skills.name != '', skills.name, kind = 'all', 'All posts', replaceAll(found.item, '_', ' ')) AS name,
    direction, width, posts, expected, posts / expected AS ratio, baseline, rest_growth, p_value, p_limit
FROM (SELECT * FROM hiring_signals FINAL) AS found
LEFT JOIN
(
    SELECT skill, any(skills.name) AS name FROM skills
    WHERE taxonomy_version = (SELECT any(taxonomy_version) FROM active_taxonomy) GROUP BY skill
) AS skills ON skills.skill = found.item
ORDER BY started_at DESC, p_value
COMMENT 'Spikes and drops of demand, current and past, each with what it compared.
Formula: p_value = tail of a negative binomial with mean expected and the uncertainty of the baseline: docs/signals.md.
Example: SELECT started_at, name, direction, posts, round(expected, 1) AS expected, round(ratio, 1) AS ratio FROM signals WHERE started_at >= now() - INTERVAL 1 DAY LIMIT 5';
