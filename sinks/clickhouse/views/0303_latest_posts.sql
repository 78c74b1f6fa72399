CREATE OR REPLACE VIEW latest_posts
(
    posted_at DateTime('UTC') COMMENT 'When the post was published.',
    title String COMMENT 'Title as given: untrusted text.',
    url String COMMENT 'Address as given: untrusted text.',
    feed LowCardinality(String) COMMENT 'Marketplace or feed.',
    category LowCardinality(String) COMMENT 'Category.',
    category_group LowCardinality(String) COMMENT 'Group of the category.',
    ai Bool COMMENT 'Whether the work involves AI.',
    skills Array(String) COMMENT 'Display names of the skills asked for.',
    client_size LowCardinality(String) COMMENT '`smb`, `large` or `unknown`.',
    market LowCardinality(String) COMMENT 'Market.',
    contract LowCardinality(String) COMMENT '`hourly`, `fixed` or empty.',
    pay Nullable(Float64) COMMENT 'Middle of the hourly range, or the budget.',
    currency LowCardinality(String) COMMENT 'ISO 4217 code.',
    post_id String COMMENT 'Identity of the post.'
)
AS WITH
    (SELECT groupArray(toString(skill)) FROM (SELECT skill FROM skill_names ORDER BY skill)) AS slugs,
    (SELECT groupArray(name) FROM (SELECT name FROM skill_names ORDER BY skill)) AS names
SELECT posted_at, title, url, feed, latest.category AS category, category_names.category_group AS category_group, ai,
    arrayMap(skill -> transform(toString(skill), slugs, names, toString(skill)), latest.skills) AS skills,
    client_size, market, contract, if(contract = 'fixed', fixed_budget, (coalesce(hourly_min, hourly_max) + coalesce(hourly_max, hourly_min)) / 2) AS pay, currency, post_id
FROM
(
    SELECT * FROM posts
    WHERE posted_at >= parseDateTimeBestEffort({since:String}, 'UTC') AND posted_at < parseDateTimeBestEffort({until:String}, 'UTC')
    -- include post_filters
    ORDER BY posted_at DESC, post_id
    LIMIT {most:UInt32}
) AS latest
LEFT JOIN category_names ON category_names.category = latest.category
ORDER BY posted_at DESC, post_id
COMMENT 'The latest posts of a range.
Arguments: most: how many; since, until, the five filters.
Example: SELECT posted_at, title, category, ai, arraySlice(skills, 1, 3) AS skills FROM latest_posts(most = 3, since = ''2025-11-01'', until = ''2025-12-01'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''')';
