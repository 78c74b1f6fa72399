-- Only skills have names of their own; other items are shown by their slugs.
LEFT JOIN
(
    SELECT toString(skill) AS item, name, kind FROM skills FINAL
    WHERE {of:String} = 'skill' AND taxonomy_version = version
) AS names ON names.item = counted.item
