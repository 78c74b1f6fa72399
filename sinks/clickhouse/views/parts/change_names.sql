    posts, posts_before, of_posts, of_posts_before, growth, growth_low, growth_high, per_day, per_day_before, growth_per_day,
    share, share_before, share_points, enough, verdict
