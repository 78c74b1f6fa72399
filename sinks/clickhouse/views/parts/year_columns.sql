    posts_year_before UInt64 COMMENT 'Posts in the same part of the same month a year before.',
    growth_year Nullable(Float64) COMMENT 'posts / posts_year_before - 1; empty below min_base.',
    growth_year_low Nullable(Float64) COMMENT 'Lower end of its 95 % interval.',
    growth_year_high Nullable(Float64) COMMENT 'Upper end.'
