CREATE OR REPLACE VIEW change
(
    item String COMMENT 'Slug of the skill, category or other.',
    name String COMMENT 'Display name.',
    kind LowCardinality(String) COMMENT 'Kind of a skill, group of a category.',
    posts UInt64 COMMENT 'Posts in the range.',
    posts_before UInt64 COMMENT 'Posts in the base range.',
    of_posts UInt64 COMMENT 'All posts in the range under the same filters.',
    of_posts_before UInt64 COMMENT 'All posts in the base range.',
    growth Nullable(Float64) COMMENT 'posts / posts_before - 1; empty without a base.',
    growth_low Float64 COMMENT 'Lower end of the 95 % interval of the growth.',
    growth_high Float64 COMMENT 'Upper end.',
    per_day Nullable(Float64) COMMENT 'Posts per day of the range.',
    per_day_before Nullable(Float64) COMMENT 'Posts per day of the base range.',
    growth_per_day Nullable(Float64) COMMENT 'per_day / per_day_before - 1: ranges of different length made comparable.',
    share Nullable(Float64) COMMENT 'posts / of_posts.',
    share_before Nullable(Float64) COMMENT 'posts_before / of_posts_before.',
    share_points Nullable(Float64) COMMENT 'Change of the share in percentage points.',
    enough Bool COMMENT 'Whether posts_before >= min_base: what is not enough is never ranked.',
    verdict LowCardinality(String) COMMENT '''up'' or ''down'' where the interval excludes zero, else ''no clear change''; ''base too small'' below min_base.'
)
AS WITH
    1.959964 AS z,
    toUnixTimestamp(parseDateTimeBestEffort({since:String}, 'UTC')) AS a,
    toUnixTimestamp(parseDateTimeBestEffort({until:String}, 'UTC')) AS b,
    toUnixTimestamp(parseDateTimeBestEffort({base_since:String}, 'UTC')) AS c,
    toUnixTimestamp(parseDateTimeBestEffort({base_until:String}, 'UTC')) AS d,
    (toInt64(b) - toInt64(a)) / 86400 AS days,
    (toInt64(d) - toInt64(c)) / 86400 AS days_before,
    (SELECT sum(posts) FROM category_counts(since = {since:String}, until = {until:String}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String})) AS of_all,
    (SELECT sum(posts) FROM category_counts(since = {base_since:String}, until = {base_until:String}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String})) AS of_all_before
SELECT counted.item AS item, if(item_names.name = '', counted.item, item_names.name) AS name, item_names.kind AS kind,
    counted.posts AS posts, counted.posts_before AS posts_before, of_all AS of_posts, of_all_before AS of_posts_before,
    posts / nullIf(posts_before, 0) - 1 AS growth,
    exp(log((posts + 0.5) / (posts_before + 0.5)) - z * sqrt(1 / (posts + 0.5) + 1 / (posts_before + 0.5))) - 1 AS growth_low,
    exp(log((posts + 0.5) / (posts_before + 0.5)) + z * sqrt(1 / (posts + 0.5) + 1 / (posts_before + 0.5))) - 1 AS growth_high,
    posts / nullIf(days, 0) AS per_day, posts_before / nullIf(days_before, 0) AS per_day_before,
    per_day / nullIf(per_day_before, 0) - 1 AS growth_per_day,
    posts / nullIf(of_posts, 0) AS share, posts_before / nullIf(of_posts_before, 0) AS share_before,
    (share - share_before) * 100 AS share_points,
    CAST(posts_before >= {min_base:UInt32}, 'Bool') AS enough,
    multiIf(NOT enough, 'base too small', growth_low > 0, 'up', growth_high < 0, 'down', 'no clear change') AS verdict
FROM
(
    SELECT item, sum(now_posts) AS posts, sum(before_posts) AS posts_before
    FROM
    (
        SELECT item, posts AS now_posts, 0 AS before_posts FROM item_counts(of = {of:String}, since = {since:String}, until = {until:String}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String})
        UNION ALL
        SELECT item, 0, posts FROM item_counts(of = {of:String}, since = {base_since:String}, until = {base_until:String}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String})
    )
    GROUP BY item
) AS counted
LEFT JOIN (SELECT item, name, kind FROM item_names WHERE of = {of:String}) AS item_names ON item_names.item = counted.item
COMMENT 'Any range compared with any other: both counts, growth with its interval, per day, change of share. All growth figures come from here.
Formula: growth = posts / posts_before - 1; its 95 % interval is that of the ratio of two Poisson counts on the log scale, (posts + 0.5) / (posts_before + 0.5) * exp(+-1.96 * sqrt(1 / (posts + 0.5) + 1 / (posts_before + 0.5))) - 1 (Price and Bonett, 2000, Computational Statistics & Data Analysis 34:345).
Arguments: of: as in item_counts; since, until: the range; base_since, base_until: the one before; min_base: 30 unless there is a reason; the five filters.
Example: SELECT name, posts, posts_before, round(growth, 3) AS growth, round(growth_low, 3) AS low, round(growth_high, 3) AS high, verdict FROM change(of = ''category'', since = ''2025-11-10'', until = ''2025-11-17'', base_since = ''2025-11-03'', base_until = ''2025-11-10'', min_base = 30, category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') WHERE enough ORDER BY growth DESC LIMIT 5';
