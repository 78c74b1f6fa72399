    rank UInt64 COMMENT 'Rank by posts; equal posts share a rank.',
    posts UInt64 COMMENT 'Demand: posts of the item.',
    of_posts UInt64 COMMENT 'All posts under the same filters.',
    share Nullable(Float64) COMMENT 'posts / of_posts.',
    share_low Nullable(Float64) COMMENT 'Lower end of the 95 % interval of the share.',
    share_high Nullable(Float64) COMMENT 'Upper end.',
    ai_posts UInt64 COMMENT 'Of the posts, those whose work involves AI.',
    ai_share Nullable(Float64) COMMENT 'ai_posts / posts.'
