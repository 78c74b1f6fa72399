CREATE OR REPLACE VIEW skill_pay
(
    skill LowCardinality(String) COMMENT 'Slug of the skill.',
    name String COMMENT 'Display name.',
    contract LowCardinality(String) COMMENT '''hourly'': pay per hour, the middle of the range given; ''fixed'': budget of the whole post.',
    currency LowCardinality(String) COMMENT 'ISO 4217 code; amounts are never converted.',
    posts UInt64 COMMENT 'Posts that name their pay.',
    p10 Float64 COMMENT '10th percentile.',
    p25 Float64 COMMENT 'Lower quartile.',
    median Float64 COMMENT 'Median.',
    p75 Float64 COMMENT 'Upper quartile.',
    p90 Float64 COMMENT '90th percentile.'
)
AS SELECT skill, skill_names.name AS name, contract, currency, posts, levels[1] AS p10, levels[2] AS p25, levels[3] AS median, levels[4] AS p75, levels[5] AS p90
FROM
(
    SELECT arrayJoin(skills) AS skill, contract, currency, count() AS posts, quantilesExactInclusive(0.1, 0.25, 0.5, 0.75, 0.9)(assumeNotNull(pay)) AS levels
    FROM
    (
        SELECT skills, contract, currency,
            if(contract = 'fixed', fixed_budget, (coalesce(hourly_min, hourly_max) + coalesce(hourly_max, hourly_min)) / 2) AS pay
        FROM posts
        WHERE posted_at >= parseDateTimeBestEffort({since:String}, 'UTC') AND posted_at < parseDateTimeBestEffort({until:String}, 'UTC')
    -- include post_filters
    )
    WHERE pay > 0 AND contract != '' AND currency != ''
    GROUP BY skill, contract, currency
    HAVING posts >= {min_posts:UInt32}
) AS paid
LEFT JOIN skill_names ON skill_names.skill = paid.skill
ORDER BY posts DESC, skill, contract, currency
COMMENT 'Pay by skill: hourly and fixed apart, each currency for itself.
Formula: quantiles with linear interpolation (R type 7) over posts that name their pay.
Arguments: min_posts: posts that a line must rest on; since, until, the five filters.
Example: SELECT name, contract, currency, posts, p25, median, p75 FROM skill_pay(since = ''2025-11-01'', until = ''2025-12-01'', min_posts = 10, category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') LIMIT 5';
