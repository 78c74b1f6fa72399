    month Date COMMENT 'First day of the month.',
    partial Bool COMMENT 'Whether the month is running at as_of: then both counts cover the same elapsed part.',
    elapsed_days Float64 COMMENT 'Days of the month that are counted.'
