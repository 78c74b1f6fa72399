CREATE OR REPLACE VIEW dead_letter_reasons
(
    reason LowCardinality(String) COMMENT 'Code of the reason.',
    letters UInt64 COMMENT 'Rejected records.',
    share Float64 COMMENT 'Of all rejected records of the range.',
    last_rejected_at DateTime64(3, 'UTC') COMMENT 'When the last one was rejected.',
    last_detail String COMMENT 'Its reason in a sentence.'
)
AS SELECT reason, count() AS letters, letters / sum(letters) OVER () AS share, max(rejected_at) AS last_rejected_at, argMax(detail, rejected_at) AS last_detail
FROM (SELECT reason, rejected_at, detail FROM dead_letters FINAL
    WHERE rejected_at >= parseDateTimeBestEffort({since:String}, 'UTC') AND rejected_at < parseDateTimeBestEffort({until:String}, 'UTC'))
GROUP BY reason
ORDER BY letters DESC, reason
COMMENT 'Why records were rejected.
Arguments: since, until: processing time.
Example: SELECT reason, letters, round(share, 3) AS share, last_detail FROM dead_letter_reasons(since = ''2025-01-01'', until = ''2030-01-01'')';
