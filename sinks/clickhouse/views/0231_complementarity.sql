CREATE OR REPLACE VIEW complementarity
(
    category String COMMENT 'Category of the posts, or ''all''.',
    month Date COMMENT 'First day of the month.',
    posts UInt64 COMMENT 'Posts.',
    ai_posts UInt64 COMMENT 'Posts that involve AI.',
    ai_share Nullable(Float64) COMMENT 'ai_posts / posts: AI adoption.',
    human_posts UInt64 COMMENT 'Demand for human and creative skills: a post counts once per such skill.',
    human_rate Nullable(Float64) COMMENT 'human_posts / posts.',
    ai_growth Nullable(Float64) COMMENT 'Growth of ai_posts over the month before; empty without the month before.',
    human_growth Nullable(Float64) COMMENT 'Growth of human_posts over the month before.',
    correlation Nullable(Float64) COMMENT 'Pearson correlation of the monthly log changes of ai_posts and human_posts; empty below three changes, or where one of the two never changes.',
    rate_correlation Nullable(Float64) COMMENT 'The same of ai_share and human_rate, which a common growth of all posts does not move.',
    months UInt64 COMMENT 'Monthly changes behind both correlations.'
)
AS WITH
    -- include range
SELECT category, month, posts, ai_posts, ai_posts / nullIf(posts, 0) AS ai_share, human_posts, human_posts / nullIf(posts, 0) AS human_rate,
    if(follows, ai_posts / nullIf(former.2, 0) - 1, NULL) AS ai_growth, if(follows, human_posts / nullIf(former.3, 0) - 1, NULL) AS human_growth,
    if(months >= 3 AND isFinite(corrIf(ai_change, human_change, usable) OVER of_category AS counts_correlate), counts_correlate, NULL) AS correlation,
    if(months >= 3 AND isFinite(corrIf(ai_change - all_change, human_change - all_change, usable) OVER of_category AS rates_correlate), rates_correlate, NULL) AS rate_correlation,
    countIf(usable) OVER of_category AS months
FROM
(
    SELECT category, month, posts, ai_posts, human_posts,
        lagInFrame((month, ai_posts, human_posts, posts)) OVER (PARTITION BY category ORDER BY month ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS former,
        former.1 = month - INTERVAL 1 MONTH AS follows,
        follows AND ai_posts > 0 AND human_posts > 0 AND former.2 > 0 AND former.3 > 0 AS usable,
        if(usable, log(ai_posts / former.2), 0) AS ai_change, if(usable, log(human_posts / former.3), 0) AS human_change, if(usable, log(posts / former.4), 0) AS all_change
    FROM
    (
        SELECT arrayJoin([of_category, 'all']) AS category, month, sum(of_posts) AS posts, sum(with_ai) AS ai_posts, sum(human) AS human_posts
        FROM
        (
            SELECT part.category AS of_category, toStartOfMonth(start) AS month, sum(part.of_posts) AS of_posts, sumIf(part.of_posts, ai) AS with_ai,
                sumIf(part.posts, item IN (SELECT skill FROM skill_names WHERE kind IN ('human', 'creative'))) AS human
            FROM range_counts(of = 'skill', skills = [], ranges = [[since, until]], by_pane = false,
                -- include same_filters
            ) AS part
            GROUP BY of_category, month
        )
        GROUP BY category, month
    )
)
WINDOW of_category AS (PARTITION BY category)
ORDER BY category, month
COMMENT 'Complementarity: how demand for human and creative skills moves with AI adoption, by month and category. Take whole months; correlation is not cause.
Formula: correlation = corr(ln(ai_posts / former), ln(human_posts / former)) over the months of the range; rate_correlation = corr(ln(ai_share / former), ln(human_rate / former)).
Arguments: since, until, the five filters.
Example: SELECT month, ai_posts, round(ai_share, 3) AS ai_share, human_posts, round(ai_growth, 3) AS ai_growth, round(human_growth, 3) AS human_growth, round(correlation, 2) AS correlation, round(rate_correlation, 2) AS rate_correlation, months FROM complementarity(since = ''2025-06-01'', until = ''2025-12-01'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') WHERE category = ''all''';
