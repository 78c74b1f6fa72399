-- Identity is (kind, item, width, started_at): a look that is repeated writes the same row again. A signal that ends
-- is written once more, with a later look.
CREATE TABLE hiring_signals
(
    started_at DateTime('UTC') COMMENT 'Time of the look that found it: the end of the window that it compared.',
    kind LowCardinality(String) COMMENT '`skill`, `category`, or `all` for all posts together.',
    item LowCardinality(String) COMMENT 'Slug of the skill or category; `all` for all posts.',
    width UInt32 COMMENT 'Width of the window, in seconds.',
    direction LowCardinality(String) COMMENT '`spike` or `drop`.',
    ended_at Nullable(DateTime('UTC')) COMMENT 'Time of the look that found it over; empty while it lasts.',
    posts UInt64 COMMENT 'Posts in [started_at - width, started_at).',
    baseline Array(UInt64) COMMENT 'Posts in the same hours (at least one hour) one, two, three and four weeks before.',
    expected Float64 COMMENT 'Posts expected in the window: mean of the baseline, raised or lowered with all other posts.',
    rest_growth Float64 COMMENT 'All other posts in the window / expected of them.',
    p_value Float64 COMMENT 'Chance of such a count if nothing has changed.',
    p_limit Float64 COMMENT 'What p_value had to fall below, given all items, widths and looks of a day.',
    looked_at DateTime('UTC') COMMENT 'Time of the look that wrote the row: its version.'
)
ENGINE = ReplacingMergeTree(looked_at)
ORDER BY (started_at, kind, item, width)
COMMENT 'Spikes and drops of demand. Read it through the view `signals`.';
