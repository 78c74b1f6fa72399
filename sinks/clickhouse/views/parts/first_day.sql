    -- of all that is stored: a base that begins before it would make a rise of what was not read
    (SELECT min(day) FROM day_states WHERE mark != 0 AND taxonomy_version = (SELECT any(taxonomy_version) FROM active_taxonomy)) AS first_day
