CREATE OR REPLACE VIEW item_counts
(
    item String COMMENT 'What is counted: see the argument `of`.',
    day Date COMMENT 'Day in UTC.',
    ai Bool COMMENT 'Whether the posts involve AI.',
    posts UInt32 COMMENT 'Posts: a part of the range, to be summed.'
)
AS WITH
    toUnixTimestamp(parseDateTimeBestEffort({since:String}, 'UTC')) AS since,
    toUnixTimestamp(parseDateTimeBestEffort({until:String}, 'UTC')) AS until
SELECT item, toDate(start) AS day, ai, posts
FROM range_counts(of = {of:String}, skills = [], ranges = [[since, until]], by_pane = false,
    -- include same_filters
)
WHERE posts > 0
COMMENT 'Posts of every skill, category or other item in any range, whole days from the roll-up and, at its ends, panes.
Arguments: of: as in range_counts; since, until, the five filters.
Example: SELECT item, sum(posts) AS posts FROM item_counts(of = ''market'', since = ''2025-11-03 06:00'', until = ''2025-11-10 18:00'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') GROUP BY item ORDER BY posts DESC';
