CREATE OR REPLACE VIEW item_starts
(
    item String COMMENT 'Slug of the skill, category or other.',
    start DateTime('UTC') COMMENT 'Start of the day or of the pane.',
    posts UInt64 COMMENT 'Posts: to be summed.'
)
AS SELECT item, toDateTime(day, 'UTC') AS start, posts
FROM item_counts(of = {of:String}, since = {since:String}, until = {until:String}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String})
WHERE {step:UInt32} % 86400 = 0 AND toUnixTimestamp(parseDateTimeBestEffort({since:String}, 'UTC')) % 86400 = 0
UNION ALL
SELECT item, pane_start AS start, posts
FROM item_panes(of = {of:String}, since = {since:String}, until = {until:String}, category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String})
WHERE NOT ({step:UInt32} % 86400 = 0 AND toUnixTimestamp(parseDateTimeBestEffort({since:String}, 'UTC')) % 86400 = 0)
COMMENT 'Posts in the coarsest grain that steps of this length, counted from since, allow: whole days or panes.
Arguments: of: as in item_panes; step: seconds; since, until, the five filters.
Example: SELECT start, sum(posts) AS posts FROM item_starts(of = ''all'', step = 86400, since = ''2025-11-01'', until = ''2025-11-04'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') GROUP BY start ORDER BY start';
