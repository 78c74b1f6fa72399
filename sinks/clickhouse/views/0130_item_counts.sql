CREATE OR REPLACE VIEW item_counts
(
    item String COMMENT 'What is counted: see the argument `of`.',
    day Date COMMENT 'Day in UTC.',
    ai Bool COMMENT 'Whether the posts involve AI.',
    posts UInt64 COMMENT 'Posts: a part of the range, to be summed.'
)
AS WITH (SELECT (groupArray(toString(category)), groupArray(toString(category_group))) FROM category_names) AS grouped
SELECT skill AS item, day, ai, posts
FROM skill_counts(since = {since:String}, until = {until:String}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String})
WHERE {of:String} = 'skill'
UNION ALL
SELECT
    multiIf({of:String} = 'category', category, {of:String} = 'client_size', client_size, {of:String} = 'market', market,
        {of:String} = 'ai', toString(ai), {of:String} = 'category_group', transform(toString(category), grouped.1, grouped.2, ''),
        'all') AS item,
    day, ai, posts
FROM category_counts(since = {since:String}, until = {until:String}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String})
WHERE {of:String} IN ('category', 'category_group', 'client_size', 'market', 'ai', 'all')
UNION ALL
SELECT kind AS item, day, ai, posts
FROM kind_counts(since = {since:String}, until = {until:String}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String})
WHERE {of:String} = 'kind'
COMMENT 'Posts of every skill, category or other item in any range: the base of all comparisons.
Arguments: of: ''skill'', ''category'', ''category_group'', ''kind'', ''client_size'', ''market'', ''ai'' or ''all''; since, until, the five filters.
Example: SELECT item, sum(posts) AS posts FROM item_counts(of = ''kind'', since = ''2025-11-01'', until = ''2025-12-01'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') GROUP BY item ORDER BY posts DESC';
