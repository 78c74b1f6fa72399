CREATE OR REPLACE VIEW item_panes
(
    item String COMMENT 'Slug of the skill, category or other.',
    pane_start DateTime('UTC') COMMENT 'Start of the pane.',
    ai Bool COMMENT 'Whether the posts involve AI.',
    posts UInt32 COMMENT 'Posts: a part of the pane, to be summed.'
)
AS WITH
    toUnixTimestamp(parseDateTimeBestEffort({since:String}, 'UTC')) AS since,
    toUnixTimestamp(parseDateTimeBestEffort({until:String}, 'UTC')) AS until
SELECT item, start AS pane_start, ai, posts
FROM range_counts(of = {of:String}, skills = [], ranges = [[since, until]], by_pane = true,
    -- include same_filters
)
WHERE posts > 0
COMMENT 'Posts of every skill, category or other item by pane: for steps below a day.
Arguments: of: as in range_counts; since, until, the five filters.
Example: SELECT item, sum(posts) AS posts FROM item_panes(of = ''skill'', since = ''2025-11-20 09:00'', until = ''2025-11-20 10:00'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') GROUP BY item ORDER BY posts DESC, item LIMIT 5';
