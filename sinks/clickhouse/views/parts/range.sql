    toUnixTimestamp(parseDateTimeBestEffort({since:String}, 'UTC')) AS since,
    toUnixTimestamp(parseDateTimeBestEffort({until:String}, 'UTC')) AS until
