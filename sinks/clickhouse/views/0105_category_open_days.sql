-- A day is taken from the roll-up only a while after it was rolled up: a query that looks at this view and at
-- category_daily in two moments then sees the same days in both, whatever is replaced in between.
CREATE OR REPLACE VIEW category_open_days
(
    day Date COMMENT 'Day in UTC.'
)
AS SELECT day FROM category_marks
WHERE taxonomy_version = (SELECT any(taxonomy_version) FROM active_taxonomy)
AND (day, mark) NOT IN
(
    SELECT day, max(mark)
    FROM category_daily
    WHERE taxonomy_version = (SELECT any(taxonomy_version) FROM active_taxonomy)
    GROUP BY taxonomy_version, day
    HAVING max(rolled_at) <= now() - INTERVAL 15 SECOND
)
COMMENT 'Days with posts that category_daily does not hold as they are now: views add their panes up instead.
Example: SELECT count() AS open_days FROM category_open_days';
