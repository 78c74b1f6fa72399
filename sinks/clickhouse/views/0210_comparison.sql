CREATE OR REPLACE VIEW comparison
(
    -- include item_columns,
    -- include change_columns,
    -- include year_columns
)
AS WITH
    -- include taxonomy,
    {ranges:Array(Array(UInt32))} AS ranges, false AS by_pane, []::Array(String) AS only_skills,
    ranges[1] AS this,
    ranges[2] AS base,
    ranges[3] AS year,
    (toInt64(this[2]) - toInt64(this[1])) / 86400 AS days,
    (toInt64(base[2]) - toInt64(base[1])) / 86400 AS days_before,
    (now, former, z) -> exp(log((now + 0.5) / (former + 0.5)) + z * sqrt(1 / (now + 0.5) + 1 / (former + 0.5))) - 1 AS bound,
    posts_year_before >= {min_base:UInt32} AS year_enough
SELECT
    -- include item_name,
    counted.posts AS posts, counted.posts_before AS posts_before, counted.of_posts AS of_posts, counted.of_posts_before AS of_posts_before,
    posts / nullIf(posts_before, 0) - 1 AS growth, bound(posts, posts_before, -1.959964) AS growth_low, bound(posts, posts_before, 1.959964) AS growth_high,
    posts / nullIf(days, 0) AS per_day, posts_before / nullIf(days_before, 0) AS per_day_before, per_day / nullIf(per_day_before, 0) - 1 AS growth_per_day,
    posts / nullIf(of_posts, 0) AS share, posts_before / nullIf(of_posts_before, 0) AS share_before, (share - share_before) * 100 AS share_points,
    CAST(posts_before >= {min_base:UInt32}, 'Bool') AS enough,
    multiIf(NOT enough, 'base too small', growth_low > 0, 'up', growth_high < 0, 'down', 'no clear change') AS verdict,
    counted.posts_year_before AS posts_year_before,
    if(year_enough, posts / nullIf(posts_year_before, 0) - 1, NULL) AS growth_year,
    if(year_enough, bound(posts, posts_year_before, -1.959964), NULL) AS growth_year_low,
    if(year_enough, bound(posts, posts_year_before, 1.959964), NULL) AS growth_year_high
FROM
(
    SELECT part.item AS item,
        sumIf(part.posts, start >= this[1] AND start < this[2]) AS posts,
        sumIf(part.posts, start >= base[1] AND start < base[2]) AS posts_before,
        sumIf(part.posts, start >= year[1] AND start < year[2]) AS posts_year_before,
        sum(sumIf(part.of_posts, start >= this[1] AND start < this[2])) OVER () AS of_posts,
        sum(sumIf(part.of_posts, start >= base[1] AND start < base[2])) OVER () AS of_posts_before
    FROM
    (
        WITH
        -- include counts
    ) AS part
    GROUP BY item
) AS counted
-- include names
WHERE counted.posts > 0 OR counted.posts_before > 0
COMMENT 'Two or three ranges compared: both counts, growth with its interval, per day, change of share. All growth figures come from here.
Formula: growth = posts / posts_before - 1; its 95 % interval is that of the ratio of two Poisson counts on the log scale, (posts + 0.5) / (posts_before + 0.5) * exp(+-1.96 * sqrt(1 / (posts + 0.5) + 1 / (posts_before + 0.5))) - 1 (Price and Bonett, 2000, Computational Statistics & Data Analysis 34:345).
Arguments: of: as in range_counts; ranges: [[since, until], ...] in seconds since the epoch: the range, the base and, if wanted, the same a year before; min_base: 30 unless there is a reason; the five filters.
Example: SELECT name, posts, posts_before, round(growth, 3) AS growth, verdict FROM comparison(of = ''market'', ranges = [[1762732800, 1763337600], [1762128000, 1762732800]], min_base = 30, category = '''', category_group = '''', client_size = '''', market = '''', ai = '''')';
