-- One roll-up for skills and for all posts, replaced in one step: half as much to plan for every query, and a skill is
-- never seen in another state than the posts that it is a share of.
DROP VIEW IF EXISTS skill_marks;

DROP VIEW IF EXISTS category_marks;

DROP VIEW IF EXISTS skill_open_days;

DROP VIEW IF EXISTS category_open_days;

DROP VIEW IF EXISTS skill_counts;

DROP VIEW IF EXISTS category_counts;

DROP VIEW IF EXISTS kind_counts;

DROP VIEW IF EXISTS item_starts;

DROP TABLE skill_daily;

DROP TABLE category_daily;

-- Counts by category are stored last and cover every post, so their marks tell the state of both tables.
ALTER TABLE skill_demand DROP PROJECTION marks;

ALTER TABLE skill_demand RESET SETTING deduplicate_merge_projection_mode;

-- Whole months are replaced at once. skill stands first: a series of one skill reads a few granules a month, and all
-- posts, whose skill is empty, stand at the head.
CREATE TABLE daily_demand
(
    day Date COMMENT 'Day in UTC.',
    skill LowCardinality(String) COMMENT 'Slug of the skill asked for; empty for all posts.',
    category LowCardinality(String) COMMENT 'Category of the posts.',
    ai Bool COMMENT 'Whether the posts involve AI.',
    client_size LowCardinality(String) COMMENT '`smb`, `large` or `unknown`.',
    market LowCardinality(String) COMMENT 'Country code of a market in settings, else `other`.',
    taxonomy_version LowCardinality(String) COMMENT 'Version of the taxonomy that classified the posts.',
    posts UInt32 COMMENT 'Number of posts of this key on that day.' CODEC(T64, ZSTD(1)),
    mark UInt64 COMMENT 'State of the day''s counts when they were added up: see the view `day_states`.',
    rolled_at DateTime('UTC') COMMENT 'When the day was added up.',
    PROJECTION marks
    (
        SELECT taxonomy_version, day, max(mark), max(rolled_at)
        GROUP BY taxonomy_version, day
    )
)
ENGINE = MergeTree
PARTITION BY (taxonomy_version, toYYYYMM(day))
ORDER BY (skill, day, category, ai, client_size, market)
COMMENT 'Daily sums of skill_demand and category_demand, for long ranges. Read it through the views `skill_days` and `category_days`.';
