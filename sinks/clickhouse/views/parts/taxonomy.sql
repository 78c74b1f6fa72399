    (SELECT any(taxonomy_version) FROM active_taxonomy) AS version,
    (SELECT (groupArray(toString(category)), groupArray(toString(category_group))) FROM categories WHERE taxonomy_version = version) AS groups
