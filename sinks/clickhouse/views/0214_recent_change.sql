CREATE OR REPLACE VIEW recent_change
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
AS SELECT item, name, kind, posts, posts_before, of_posts, of_posts_before, growth, growth_low, growth_high,
    per_day, per_day_before, growth_per_day, share, share_before, share_points, enough, verdict
FROM change(of = {of:String},
    since = toString(parseDateTimeBestEffort({until:String}, 'UTC') - toIntervalSecond({width:UInt32})), until = {until:String},
    base_since = toString(parseDateTimeBestEffort({until:String}, 'UTC') - toIntervalSecond({width:UInt32}) - INTERVAL 7 DAY),
    base_until = toString(parseDateTimeBestEffort({until:String}, 'UTC') - INTERVAL 7 DAY),
    min_base = {min_base:UInt32}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String})
COMMENT 'The last hours compared with the same hours a week before: what rises and falls now.
Formula: as in change, with since = until - width and the base seven days earlier.
Arguments: of: as in item_counts; until; width: seconds; min_base; the five filters.
Example: SELECT name, posts, posts_before, round(growth, 2) AS growth, verdict FROM recent_change(of = ''category_group'', until = ''2025-11-20 12:00'', width = 86400, min_base = 30, category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') ORDER BY posts DESC LIMIT 5';
