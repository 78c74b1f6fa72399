-- Nights can be quiet: a base month may lack its first day. No base is as large as the largest number.
CREATE OR REPLACE VIEW growth
(
    -- include item_columns,
    -- include month_columns,
    -- include change_columns,
    -- include year_columns,
    rank Nullable(UInt64) COMMENT 'Rank by growth among the items with enough posts in the month before.'
)
AS WITH
    -- include first_day,
    (SELECT (month, partial, elapsed_days, arrayMap(at -> toUnixTimestamp(at), [since, until, before_since, before_until, year_since, year_until])) FROM month_ranges(month = {month:String}, as_of = {as_of:String})) AS of_month,
    first_day <= toDate(of_month.4[3], 'UTC') + 1 AS base_stored,
    first_day <= toDate(of_month.4[5], 'UTC') + 1 AS year_stored
SELECT item, name, kind, of_month.1 AS month, of_month.2 AS partial, of_month.3 AS elapsed_days,
    -- include change_names,
    posts_year_before, if(year_stored, compared.growth_year, NULL) AS growth_year,
    if(year_stored, compared.growth_year_low, NULL) AS growth_year_low, if(year_stored, compared.growth_year_high, NULL) AS growth_year_high,
    if(enough, rank() OVER (PARTITION BY enough ORDER BY growth DESC), NULL) AS rank
FROM comparison(of = {of:String}, ranges = [[of_month.4[1], of_month.4[2]], [of_month.4[3], of_month.4[4]], [of_month.4[5], of_month.4[6]]], min_base = if(base_stored, {min_base:UInt32}, 4294967295),
    -- include same_filters
) AS compared
COMMENT 'Growth of a month over the month before and over the year before. A running month is compared with the same elapsed part of both and flagged. A month that is not stored from its second day on is never base enough.
Formula: as in comparison; year over year = posts / posts_year_before - 1 with the same interval.
Arguments: of: as in range_counts; month: any day of it, '''' for the month of as_of; as_of: the present, or the newest post''s time for history; min_base: 30 unless there is a reason; the five filters.
Example: SELECT rank, name, posts, posts_before, round(growth, 3) AS growth, round(growth_low, 3) AS low, round(growth_high, 3) AS high, partial, verdict FROM growth(of = ''category'', month = ''2025-11-01'', as_of = ''2025-12-01'', min_base = 30, category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') WHERE enough ORDER BY rank LIMIT 5';
