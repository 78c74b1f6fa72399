-- Views that boards ask most include the part itself: a parameterized view is analysed anew for each level of views
-- around it, which takes longer than to read the counts.
CREATE OR REPLACE VIEW range_counts
(
    start DateTime('UTC') COMMENT 'Start of the day or of the pane.',
    item LowCardinality(String) COMMENT 'Slug of the skill, category or other.',
    category LowCardinality(String) COMMENT 'Category of the posts.',
    ai Bool COMMENT 'Whether the posts involve AI.',
    posts UInt32 COMMENT 'Posts of the item, to be summed.',
    of_posts UInt32 COMMENT 'Posts that shares are taken of, to be summed over all items.'
)
AS WITH
    -- include taxonomy,
    {ranges:Array(Array(UInt32))} AS ranges,
    {by_pane:Bool} AS by_pane,
    {skills:Array(String)} AS only_skills,
    -- include counts
COMMENT 'Posts of every skill, category or other item in up to three ranges: what all comparisons and series are sums of.
Arguments: of: ''skill'', ''category'', ''category_group'', ''client_size'', ''market'', ''ai'' or ''all''; skills: of skills, only these, [] for all; ranges: [[since, until], ...] in seconds since the epoch; by_pane: false where whole days will do; the five filters.
Example: SELECT item, sum(posts) AS posts FROM range_counts(of = ''client_size'', skills = [], ranges = [[1761955200, 1764547200]], by_pane = false, category = '''', category_group = '''', client_size = '''', market = '''', ai = '''') GROUP BY item ORDER BY posts DESC';
