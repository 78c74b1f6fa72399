CREATE OR REPLACE VIEW demand_series
(
    item String COMMENT 'Slug of the skill, category or other.',
    day Date COMMENT 'Day in UTC.',
    posts UInt64 COMMENT 'Posts of the day.',
    of_posts UInt64 COMMENT 'All posts of the day under the same filters.',
    ai_posts UInt64 COMMENT 'Of the posts, those that involve AI.',
    share Nullable(Float64) COMMENT 'posts / of_posts.',
    ai_share Nullable(Float64) COMMENT 'ai_posts / posts.',
    mean_7d Float64 COMMENT 'Mean of posts over the seven days up to this one.',
    share_7d Nullable(Float64) COMMENT 'Share over the same seven days.',
    ai_share_7d Nullable(Float64) COMMENT 'AI share over the same seven days.'
)
AS WITH
    toDate(parseDateTimeBestEffort({since:String}, 'UTC')) AS first_day,
    toDate(parseDateTimeBestEffort({until:String}, 'UTC') - INTERVAL 1 SECOND) AS last_day,
    toUnixTimestamp(toDateTime(first_day - 6, 'UTC')) AS start_of_week,
    toUnixTimestamp(parseDateTimeBestEffort({until:String}, 'UTC')) AS end,
    -- include taxonomy,
    [[start_of_week, end]] AS ranges, false AS by_pane, {items:Array(String)} AS only_skills
SELECT item, day, posts, of_posts, ai_posts, posts / nullIf(of_posts, 0) AS share, ai_posts / nullIf(posts, 0) AS ai_share,
    week / 7 AS mean_7d, week / nullIf(of_week, 0) AS share_7d, ai_week / nullIf(week, 0) AS ai_share_7d
FROM
(
    SELECT item, day, posts, of_posts, ai_posts,
        sum(posts) OVER seven AS week, sum(of_posts) OVER seven AS of_week, sum(ai_posts) OVER seven AS ai_week
    FROM
    (
        SELECT item, day, sum(part.posts) AS posts, sum(part.ai_posts) AS ai_posts, sum(sum(part.of_posts)) OVER (PARTITION BY day) AS of_posts
        FROM
        (
            SELECT item, toDate(start) AS day, counted.posts AS posts, if(ai, counted.posts, 0) AS ai_posts, counted.of_posts AS of_posts
            FROM
            (
                WITH
                -- include counts
            ) AS counted
            UNION ALL
            SELECT arrayJoin({items:Array(String)}) AS item, first_day - 6 + arrayJoin(range(toUInt32(greatest(last_day - first_day + 7, 0)))) AS day, 0, 0, 0
        ) AS part
        GROUP BY item, day
    )
    WHERE item IN {items:Array(String)}
    WINDOW seven AS (PARTITION BY item ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW)
)
WHERE day >= first_day
ORDER BY item, day
COMMENT 'Daily demand and share of the items asked for, with the seven-day trailing mean; days without posts are there with 0.
Formula: mean_7d = posts of the seven days up to and including the day / 7.
Arguments: of: as in range_counts; items: slugs, at least one (for of = ''all'' the item is ''all''); since, until; the five filters.
Example: SELECT day, item, posts, of_posts, round(share_7d, 4) AS share_7d, round(mean_7d, 2) AS mean_7d FROM demand_series(of = ''skill'', items = [''python''], since = ''2025-11-10'', until = ''2025-11-15'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''')';
