    rank() OVER (ORDER BY counted.posts DESC) AS rank,
    counted.posts AS posts, counted.of_posts AS of_posts, posts / nullIf(of_posts, 0) AS share,
    (posts + z * z / 2 - z * sqrt(greatest(posts * (1 - share), 0) + z * z / 4)) / (of_posts + z * z) AS share_low,
    (posts + z * z / 2 + z * sqrt(greatest(posts * (1 - share), 0) + z * z / 4)) / (of_posts + z * z) AS share_high,
    counted.ai_posts AS ai_posts, ai_posts / nullIf(posts, 0) AS ai_share
