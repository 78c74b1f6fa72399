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
    parseDateTimeBestEffort({since:String}, 'UTC') AS first,
    parseDateTimeBestEffort({until:String}, 'UTC') AS last
SELECT this.item AS item, this.month AS month, this.posts AS posts, total.posts AS of_posts, this.ai_posts AS ai_posts,
    posts / nullIf(of_posts, 0) AS share, ai_posts / nullIf(posts, 0) AS ai_share,
    posts / ((least(toUnixTimestamp(last), toUnixTimestamp(toDateTime(this.month + INTERVAL 1 MONTH, 'UTC'))) - greatest(toUnixTimestamp(first), toUnixTimestamp(toDateTime(this.month, 'UTC')))) / 86400) AS per_day,
    former.posts AS posts_year_before
FROM
(
    SELECT item, toStartOfMonth(day) AS month, sum(part.posts) AS posts, sumIf(part.posts, ai) AS ai_posts
    FROM item_counts(of = {of:String}, since = {since:String}, until = {until:String}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String}) AS part
    WHERE empty({items:Array(String)}) OR item IN {items:Array(String)}
    GROUP BY item, month
) AS this
LEFT JOIN
(
    SELECT toStartOfMonth(day) AS month, sum(posts) AS posts FROM category_counts(since = {since:String}, until = {until:String}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String}) GROUP BY month
) AS total ON total.month = this.month
LEFT JOIN
(
    SELECT item, toStartOfMonth(day) + INTERVAL 1 YEAR AS month, sum(posts) AS posts
    FROM item_counts(of = {of:String},
        since = toString(parseDateTimeBestEffort({since:String}, 'UTC') - INTERVAL 1 YEAR),
        until = toString(parseDateTimeBestEffort({until:String}, 'UTC') - INTERVAL 1 YEAR), category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String})
    WHERE empty({items:Array(String)}) OR item IN {items:Array(String)}
    GROUP BY item, month
) AS former ON former.item = this.item AND former.month = this.month
ORDER BY item, month
COMMENT 'Demand, share and AI share by calendar month, with the year before beside it.
Formula: share = posts / of_posts; per_day = posts / days of the month within the range.
Arguments: of: as in item_counts; items: slugs, [] for all; since, until; the five filters.
Example: SELECT month, item, posts, of_posts, round(share, 4) AS share, posts_year_before FROM monthly_series(of = ''category'', items = [''digital_marketing''], since = ''2025-08-01'', until = ''2025-12-01'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''')';
