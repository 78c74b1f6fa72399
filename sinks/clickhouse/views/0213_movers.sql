CREATE OR REPLACE VIEW movers
(
    direction LowCardinality(String) COMMENT '''up'' or ''down''.',
    place UInt64 COMMENT '1 for the fastest of its direction.',
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
    growth_year_high Nullable(Float64) COMMENT 'Upper end.'
)
AS SELECT verdict AS direction, row_number() OVER (PARTITION BY verdict ORDER BY abs(growth) DESC, item) AS place,
    item, name, kind, month, partial, elapsed_days, posts, posts_before, of_posts, of_posts_before,
    growth, growth_low, growth_high, per_day, per_day_before, growth_per_day, share, share_before, share_points, enough, verdict,
    posts_year_before, growth_year, growth_year_low, growth_year_high
FROM growth(of = {of:String}, month = {month:String}, as_of = {as_of:String}, min_base = {min_base:UInt32}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String})
WHERE verdict IN ('up', 'down')
ORDER BY direction DESC, place
COMMENT 'The fastest risers and fallers of a month: enough posts before, and an interval that excludes zero.
Formula: as in growth.
Arguments: as growth.
Example: SELECT direction, place, name, posts, posts_before, round(growth, 2) AS growth FROM movers(of = ''skill'', month = ''2025-11-01'', as_of = ''2025-12-01'', min_base = 30, category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') WHERE place <= 3';
