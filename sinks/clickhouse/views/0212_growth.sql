CREATE OR REPLACE VIEW growth
(
    item String COMMENT 'Slug of the skill, category or other.',
    name String COMMENT 'Display name.',
    kind LowCardinality(String) COMMENT 'Kind of a skill, group of a category.',
    month Date COMMENT 'First day of the month.',
    partial Bool COMMENT 'Whether the month is running at as_of: then both counts cover the same elapsed part.',
    elapsed_days Float64 COMMENT 'Days of the month that are counted.',
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
    verdict LowCardinality(String) COMMENT '''up'' or ''down'' where the interval excludes zero, else ''no clear change''; ''base too small'' below min_base.',
    posts_year_before UInt64 COMMENT 'Posts in the same part of the same month a year before.',
    growth_year Nullable(Float64) COMMENT 'posts / posts_year_before - 1; empty below min_base.',
    growth_year_low Nullable(Float64) COMMENT 'Lower end of its 95 % interval.',
    growth_year_high Nullable(Float64) COMMENT 'Upper end.',
    rank Nullable(UInt64) COMMENT 'Rank by growth among the items with enough posts in the month before.'
)
AS WITH
    1.959964 AS z,
    (SELECT month FROM month_ranges(month = {month:String}, as_of = {as_of:String})) AS this_month,
    (SELECT partial FROM month_ranges(month = {month:String}, as_of = {as_of:String})) AS running,
    (SELECT elapsed_days FROM month_ranges(month = {month:String}, as_of = {as_of:String})) AS days
SELECT compared.item AS item, compared.name AS name, compared.kind AS kind, this_month AS month, CAST(running, 'Bool') AS partial, days AS elapsed_days,
    compared.posts AS posts, posts_before, of_posts, of_posts_before, growth, growth_low, growth_high,
    per_day, per_day_before, growth_per_day, share, share_before, share_points, enough, verdict,
    year_before.posts AS posts_year_before,
    if(posts_year_before < {min_base:UInt32}, NULL, compared.posts / nullIf(posts_year_before, 0) - 1) AS growth_year,
    if(posts_year_before < {min_base:UInt32}, NULL, exp(log((compared.posts + 0.5) / (posts_year_before + 0.5)) - z * sqrt(1 / (compared.posts + 0.5) + 1 / (posts_year_before + 0.5))) - 1) AS growth_year_low,
    if(posts_year_before < {min_base:UInt32}, NULL, exp(log((compared.posts + 0.5) / (posts_year_before + 0.5)) + z * sqrt(1 / (compared.posts + 0.5) + 1 / (posts_year_before + 0.5))) - 1) AS growth_year_high,
    if(enough, rank() OVER (PARTITION BY enough ORDER BY growth DESC), NULL) AS rank
FROM change(of = {of:String}, since = (SELECT toString(since) FROM month_ranges(month = {month:String}, as_of = {as_of:String})), until = (SELECT toString(until) FROM month_ranges(month = {month:String}, as_of = {as_of:String})), base_since = (SELECT toString(before_since) FROM month_ranges(month = {month:String}, as_of = {as_of:String})), base_until = (SELECT toString(before_until) FROM month_ranges(month = {month:String}, as_of = {as_of:String})), min_base = {min_base:UInt32}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String}) AS compared
LEFT JOIN
(
    SELECT item, sum(posts) AS posts
    FROM item_counts(of = {of:String}, since = (SELECT toString(year_since) FROM month_ranges(month = {month:String}, as_of = {as_of:String})), until = (SELECT toString(year_until) FROM month_ranges(month = {month:String}, as_of = {as_of:String})), category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String})
    GROUP BY item
) AS year_before ON year_before.item = compared.item
COMMENT 'Growth of a month over the month before and over the year before. A running month is compared with the same elapsed part of both and flagged.
Formula: as in change; year over year = posts / posts_year_before - 1 with the same interval.
Arguments: of: as in item_counts; month: any day of it; as_of: the present, or the newest post''s time for history; min_base: 30 unless there is a reason; the five filters.
Example: SELECT rank, name, posts, posts_before, round(growth, 3) AS growth, round(growth_low, 3) AS low, round(growth_high, 3) AS high, partial, verdict FROM growth(of = ''category'', month = ''2025-11-01'', as_of = ''2025-12-01'', min_base = 30, category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') WHERE enough ORDER BY rank LIMIT 5';
