-- The one place that reads counts, in one pass however many ranges are compared. A day comes from the roll-up if no
-- range cuts it and it has not changed since it was rolled up, else from its panes: never from both.
-- `place` says where a row was read: the day's number, or that + 100,000 from its panes. The places to read are one set
-- for all three tables: made once, at one moment, and used by their indexes. Where no range holds a whole day, panes
-- are all there is to read and nothing is asked.
-- Stands behind the WITH of a subquery. The view around it has the arguments `of` and the five filters, and names
-- `version`, `groups`, `ranges` (at most three), `by_pane` and `only_skills` ([] for all).
    ranges[1] AS first,
    ranges[2] AS second,
    ranges[3] AS third,
    by_pane OR (intDiv(first[1] + 86399, 86400) >= intDiv(first[2], 86400)
        AND intDiv(second[1] + 86399, 86400) >= intDiv(second[2], 86400)
        AND intDiv(third[1] + 86399, 86400) >= intDiv(third[2], 86400)) AS panes_only,
    transform(category, groups.1, groups.2, '') AS category_group
SELECT start,
    if({of:String} = 'skill', skill,
    if({of:String} = 'category', category,
    if({of:String} = 'category_group', category_group,
    if({of:String} = 'client_size', client_size,
    if({of:String} = 'market', market,
    if({of:String} = 'ai', toString(ai), 'all')))))) AS item,
    category, ai, if({of:String} = 'skill' AND skill = '', 0, counted.posts) AS posts, if(skill = '', counted.posts, 0) AS of_posts
FROM
(
    SELECT toInt32(day) AS place, toDateTime(day, 'UTC') AS start, skill, category, ai, client_size, market, posts
    FROM daily_demand WHERE NOT panes_only AND taxonomy_version = version
    UNION ALL
    SELECT toInt32(toDate(pane_start)) + 100000 AS place, pane_start AS start, '' AS skill, category, ai, client_size, market, posts
    FROM category_demand FINAL WHERE taxonomy_version = version
    UNION ALL
    SELECT toInt32(toDate(pane_start)) + 100000 AS place, pane_start AS start, skill, category, ai, client_size, market, posts
    FROM skill_demand FINAL WHERE {of:String} = 'skill' AND taxonomy_version = version
) AS counted
WHERE throwIf({of:String} NOT IN ('skill', 'category', 'category_group', 'client_size', 'market', 'ai', 'all'), 'of must be skill, category, category_group, client_size, market, ai or all') = 0
    AND (start >= first[1] AND start < first[2] OR start >= second[1] AND start < second[2] OR start >= third[1] AND start < third[2])
    AND ({of:String} = 'skill' AND empty(only_skills) OR skill IN if({of:String} = 'skill', arrayPushBack(only_skills, ''), ['']))
    AND ({category:String} = '' OR category = {category:String})
    AND ({category_group:String} = '' OR category_group = {category_group:String})
    AND ({client_size:String} = '' OR client_size = {client_size:String})
    AND ({market:String} = '' OR market = {market:String})
    AND ({ai:String} = '' OR {ai:String} IN ('true', 'false') AND ai = ({ai:String} = 'true'))
    AND if(panes_only, true, place IN
    (
        SELECT toInt32(day) + if(open OR arrayExists(r -> r[1] > midnight AND r[1] < next OR r[2] > midnight AND r[2] < next, ranges), 100000, 0)
        FROM (SELECT day, open, toUnixTimestamp(toDateTime(day, 'UTC')) AS midnight, midnight + 86400 AS next FROM day_states WHERE taxonomy_version = version)
        WHERE arrayExists(r -> r[1] < next AND r[2] > midnight, ranges)
    ))
