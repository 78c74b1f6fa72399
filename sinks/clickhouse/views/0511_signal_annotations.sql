CREATE OR REPLACE VIEW signal_annotations
(
    time DateTime('UTC') COMMENT 'When the signal was found.',
    timeEnd DateTime('UTC') COMMENT 'When it was over; now, while it lasts.',
    text String COMMENT 'What stands out, with both counts.',
    tags String COMMENT 'Comma-separated: direction, kind, item.',
    kind LowCardinality(String) COMMENT 'As in `signals`, to filter by.',
    item LowCardinality(String) COMMENT 'As in `signals`, to filter by.'
)
AS SELECT started_at AS time, ifNull(ended_at, now('UTC')) AS timeEnd,
    format('{0}: {1} in {2}, expected {3} (x{4})', name, toString(posts) || if(posts = 1, ' post', ' posts'),
        multiIf(width < 3600, toString(intDiv(width, 60)) || ' min', toString(intDiv(width, 3600)) || ' h'),
        toString(round(expected, 1)), toString(round(ratio, 1))) AS text,
    concat(direction, ',', kind, ',', item) AS tags, kind, item
FROM signals
COMMENT 'Signals as Grafana draws annotations: a region from time to timeEnd with a text and tags.
Example: SELECT time, timeEnd, text, tags FROM signal_annotations WHERE time >= now() - INTERVAL 7 DAY LIMIT 5';
