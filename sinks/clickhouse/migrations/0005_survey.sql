-- The last answer of a respondent counts. Within a partition of the log that is the one with the largest offset; the
-- key of a record is its respondent, so all answers of one are in one partition of one incarnation of the topic.
-- Across those the view `survey_answers` decides. A replay writes the same offset with the same answer.
CREATE TABLE survey_responses
(
    survey_month Date COMMENT 'First day of the month of the survey.',
    question_id LowCardinality(String) COMMENT 'The question: one of the table `survey_options`.',
    respondent_id String COMMENT 'Pseudonym of the respondent.',
    source LowCardinality(String) COMMENT 'Incarnation of the topic that carried the answer: topic@topic-id.',
    partition UInt16 COMMENT 'Partition of the topic.',
    offset UInt64 COMMENT 'Offset of the answer: its version.',
    recorded_at DateTime64(3, 'UTC') COMMENT 'Timestamp of the Kafka record; the epoch where the log has none.',
    ingested_at DateTime64(3, 'UTC') COMMENT 'When the worker read the record.',
    answers Array(LowCardinality(String)) COMMENT 'Answers chosen, each once; empty where an answer was taken back.',
    weight Float64 COMMENT 'How many businesses the respondent stands for, relative to the others.',
    client_size LowCardinality(String) COMMENT '`smb`, `large` or `unknown`.'
)
ENGINE = ReplacingMergeTree(offset)
PARTITION BY toYear(survey_month)
ORDER BY (survey_month, question_id, respondent_id, source, partition)
COMMENT 'Answers of the business pulse survey. Read it through the view `survey_answers`.';

CREATE TABLE survey_options
(
    question_id LowCardinality(String) COMMENT 'Id of the question.',
    answer LowCardinality(String) COMMENT 'Id of the answer.',
    question String COMMENT 'The question as it is asked.',
    label String COMMENT 'The answer as it is offered.',
    several Bool COMMENT 'Whether a respondent may choose more than one answer.',
    position UInt16 COMMENT 'Place of the answer in the survey, from 1 on.',
    written_at DateTime64(3, 'UTC') COMMENT 'When a worker wrote it: the last one counts.'
)
ENGINE = ReplacingMergeTree(written_at)
ORDER BY (question_id, answer)
COMMENT 'The questions and answers of the survey, as the workers last read them from the survey''s file.';

ALTER TABLE dead_letters COMMENT COLUMN reason 'Code of the reason: empty, not_utf8, not_json, invalid, unknown_version, absurd_time, key_mismatch, unknown_question, unknown_answer.';
