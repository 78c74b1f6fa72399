CREATE OR REPLACE VIEW monthly_series
(
    item String COMMENT 'Slug of the skill, category or other.',
    month Date COMMENT 'First day of the month.',
    posts UInt64 COMMENT 'Posts of the month.',
    of_posts UInt64 COMMENT 'All posts of the month under the same filters.',
    ai_posts UInt64 COMMENT 'Of the posts, those that involve AI.',
    share Nullable(Float64) COMMENT 'posts / of_posts.',
    ai_share Nullable(Float64) COMMENT 'ai_posts / posts.',
    per_day Float64 COMMENT 'Posts per day that the range covers of the month.',
    posts_year_before UInt64 COMMENT 'Posts of the same days a year before.'
)
AS WITH
    -- include range,
    toUnixTimestamp(parseDateTimeBestEffort({since:String}, 'UTC') - INTERVAL 1 YEAR) AS former_since,
    toUnixTimestamp(parseDateTimeBestEffort({until:String}, 'UTC') - INTERVAL 1 YEAR) AS former_until,
    least(until, toUnixTimestamp(toDateTime(month + INTERVAL 1 MONTH, 'UTC'))) - greatest(since, toUnixTimestamp(toDateTime(month, 'UTC'))) AS covered_seconds,
    -- include taxonomy,
    [[since, until], [former_since, former_until]] AS ranges, false AS by_pane, {items:Array(String)} AS only_skills
SELECT item, month, posts, of_posts, ai_posts, posts / nullIf(of_posts, 0) AS share, ai_posts / nullIf(posts, 0) AS ai_share,
    posts / (covered_seconds / 86400) AS per_day, posts_year_before
FROM
(
    SELECT item, shown.1 AS month, sum(shown.2) AS posts, sum(shown.3) AS ai_posts, sum(shown.4) AS posts_year_before, sum(sum(shown.5)) OVER (PARTITION BY month) AS of_posts
    FROM
    (
        -- a month stands in its own row, and in that of the year after as what was before
        SELECT item, arrayJoin([(of_month, in_range, with_ai, 0, of_range), (of_month + INTERVAL 1 YEAR, 0, 0, in_former, 0)]) AS shown
        FROM
        (
            SELECT item, toStartOfMonth(start) AS of_month,
                sumIf(part.posts, start >= since AND start < until) AS in_range, sumIf(part.posts, ai AND start >= since AND start < until) AS with_ai,
                sumIf(part.posts, start >= former_since AND start < former_until) AS in_former, sumIf(part.of_posts, start >= since AND start < until) AS of_range
            FROM
            (
                WITH
                -- include counts
            ) AS part
            GROUP BY item, of_month
        )
    )
    GROUP BY item, month
)
WHERE posts > 0 AND (empty({items:Array(String)}) OR item IN {items:Array(String)})
ORDER BY item, month
COMMENT 'Demand, share and AI share by calendar month, with the year before beside it.
Formula: share = posts / of_posts; per_day = posts / days of the month within the range.
Arguments: of: as in range_counts; items: slugs, [] for all; since, until; the five filters.
Example: SELECT month, item, posts, of_posts, round(share, 4) AS share, posts_year_before FROM monthly_series(of = ''category'', items = [''digital_marketing''], since = ''2025-08-01'', until = ''2025-12-01'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''')';
