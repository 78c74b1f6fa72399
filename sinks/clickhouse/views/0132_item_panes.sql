CREATE OR REPLACE VIEW item_panes
(
    item String COMMENT 'Slug of the skill, category or other.',
    pane_start DateTime('UTC') COMMENT 'Start of the pane.',
    ai Bool COMMENT 'Whether the posts involve AI.',
    posts UInt64 COMMENT 'Posts: a part of the pane, to be summed.'
)
AS SELECT toString(skill) AS item, pane_start, ai, posts
FROM skill_panes
WHERE {of:String} = 'skill'
    AND pane_start >= parseDateTimeBestEffort({since:String}, 'UTC') AND pane_start < parseDateTimeBestEffort({until:String}, 'UTC')
    AND ({category:String} = '' OR category = {category:String})
    AND ({category_group:String} = '' OR category IN (SELECT category FROM category_names WHERE category_group = {category_group:String}))
    AND ({client_size:String} = '' OR client_size = {client_size:String})
    AND ({market:String} = '' OR market = {market:String})
    AND ({ai:String} = '' OR ai = ({ai:String} = 'true'))
UNION ALL
SELECT multiIf({of:String} = 'category', toString(panes.category), {of:String} = 'category_group', toString(category_names.category_group), 'all') AS item,
    pane_start, ai, posts
FROM category_panes AS panes
LEFT JOIN category_names ON category_names.category = panes.category
WHERE {of:String} IN ('category', 'category_group', 'all')
    AND pane_start >= parseDateTimeBestEffort({since:String}, 'UTC') AND pane_start < parseDateTimeBestEffort({until:String}, 'UTC')
    AND ({category:String} = '' OR panes.category = {category:String})
    AND ({category_group:String} = '' OR category_names.category_group = {category_group:String})
    AND ({client_size:String} = '' OR client_size = {client_size:String})
    AND ({market:String} = '' OR market = {market:String})
    AND ({ai:String} = '' OR ai = ({ai:String} = 'true'))
COMMENT 'Posts of every skill, category or group by pane: for the last hours and for steps below a day.
Arguments: of: ''skill'', ''category'', ''category_group'' or ''all''; since, until, the five filters.
Example: SELECT item, sum(posts) AS posts FROM item_panes(of = ''skill'', since = ''2025-11-20 09:00'', until = ''2025-11-20 10:00'', category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') GROUP BY item ORDER BY posts DESC, item LIMIT 5';
