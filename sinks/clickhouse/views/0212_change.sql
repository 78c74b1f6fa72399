CREATE OR REPLACE VIEW change
(
    -- include item_columns,
    -- include change_columns
)
AS WITH
    -- include range,
    toUnixTimestamp(parseDateTimeBestEffort({base_since:String}, 'UTC')) AS base_since,
    toUnixTimestamp(parseDateTimeBestEffort({base_until:String}, 'UTC')) AS base_until
SELECT item, name, kind,
    -- include change_names
FROM comparison(of = {of:String}, ranges = [[since, until], [base_since, base_until]], min_base = {min_base:UInt32},
    -- include same_filters
)
COMMENT 'Any range compared with any other.
Formula: as in comparison.
Arguments: of: as in range_counts; since, until: the range; base_since, base_until: the one before; min_base: 30 unless there is a reason; the five filters.
Example: SELECT name, posts, posts_before, round(growth, 3) AS growth, round(growth_low, 3) AS low, round(growth_high, 3) AS high, verdict FROM change(of = ''category'', since = ''2025-11-10'', until = ''2025-11-17'', base_since = ''2025-11-03'', base_until = ''2025-11-10'', min_base = 30, category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') WHERE enough ORDER BY growth DESC LIMIT 5';
