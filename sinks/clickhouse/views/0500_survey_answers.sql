-- Where a respondent's answers lie in several partitions (the topic was made anew, or got more partitions) the one of
-- the latest incarnation counts, and within it the one recorded last.
CREATE OR REPLACE VIEW survey_answers
(
    survey_month Date COMMENT 'First day of the month of the survey.',
    question_id LowCardinality(String) COMMENT 'Id of the question.',
    respondent_id String COMMENT 'Pseudonym of the respondent.',
    answers Array(LowCardinality(String)) COMMENT 'Answers chosen, at least one.',
    weight Float64 COMMENT 'Weight of the respondent.',
    client_size LowCardinality(String) COMMENT '`smb`, `large` or `unknown`.',
    recorded_at DateTime64(3, 'UTC') COMMENT 'When the answer was sent.'
)
AS SELECT survey_month, question_id, respondent_id, answers, weight, client_size, recorded_at
FROM
(
    SELECT survey_month, question_id, respondent_id,
        argMax((survey_responses.answers, survey_responses.weight, survey_responses.client_size, survey_responses.recorded_at),
            (sources.first_seen_at, survey_responses.recorded_at, partition, offset)) AS last,
        last.1 AS answers, last.2 AS weight, last.3 AS client_size, last.4 AS recorded_at
    FROM survey_responses FINAL
    LEFT JOIN (SELECT source, min(first_seen_at) AS first_seen_at FROM sources GROUP BY source) AS sources USING source
    GROUP BY survey_month, question_id, respondent_id
)
WHERE notEmpty(answers)
COMMENT 'The answer that counts of every respondent: the last one to a question of a month.
Formula: largest offset of the respondent''s partition; an answer taken back is left out.
Example: SELECT survey_month, question_id, count() AS respondents FROM survey_answers GROUP BY ALL ORDER BY ALL';
