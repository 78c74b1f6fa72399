CREATE OR REPLACE VIEW recent_change
(
    -- include item_columns,
    -- include change_columns
)
AS WITH
    toUnixTimestamp(parseDateTimeBestEffort({until:String}, 'UTC')) AS until,
    604800 AS week,
    -- include first_day,
    until - {width:UInt32} - week >= toUnixTimestamp(toDateTime(first_day + 1, 'UTC')) AS base_stored
SELECT item, name, kind,
    -- include change_names
FROM comparison(of = {of:String}, ranges = [[until - {width:UInt32}, until], [until - {width:UInt32} - week, until - week]], min_base = if(base_stored, {min_base:UInt32}, 4294967295),
    -- include same_filters
)
COMMENT 'The last hours compared with the same hours a week before: what rises and falls now. Hours from before the second day of all that is stored are never base enough.
Formula: as in comparison, of [until - width, until) and the same seven days earlier.
Arguments: of: as in range_counts; until; width: seconds; min_base; the five filters.
Example: SELECT name, posts, posts_before, round(growth, 2) AS growth, verdict FROM recent_change(of = ''category_group'', until = ''2025-11-20 12:00'', width = 86400, min_base = 30, category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') ORDER BY posts DESC LIMIT 5';
