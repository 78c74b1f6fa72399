CREATE OR REPLACE VIEW movers
(
    direction LowCardinality(String) COMMENT '''up'' or ''down''.',
    place UInt64 COMMENT '1 for the fastest of its direction.',
    -- include item_columns,
    -- include month_columns,
    -- include change_columns,
    -- include year_columns
)
AS SELECT verdict AS direction, row_number() OVER (PARTITION BY verdict ORDER BY abs(growth) DESC, item) AS place,
    item, name, kind, month, partial, elapsed_days,
    -- include change_names,
    posts_year_before, growth_year, growth_year_low, growth_year_high
FROM growth(of = {of:String}, month = {month:String}, as_of = {as_of:String}, min_base = {min_base:UInt32},
    -- include same_filters
)
WHERE verdict IN ('up', 'down')
ORDER BY direction DESC, place
COMMENT 'The fastest risers and fallers of a month: enough posts before, and an interval that excludes zero.
Formula: as in growth.
Arguments: as growth.
Example: SELECT direction, place, name, posts, posts_before, round(growth, 2) AS growth FROM movers(of = ''skill'', month = ''2025-11-01'', as_of = ''2025-12-01'', min_base = 30, category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') WHERE place <= 3';
