CREATE OR REPLACE VIEW survey_shares
(
    survey_month Date COMMENT 'First day of the month of the survey.',
    question_id LowCardinality(String) COMMENT 'Id of the question.',
    question String COMMENT 'The question as it is asked.',
    client_size LowCardinality(String) COMMENT '`all`, or the group of respondents: `smb`, `large`, `unknown`.',
    answer LowCardinality(String) COMMENT 'Id of the answer.',
    label String COMMENT 'The answer as it is offered.',
    position UInt16 COMMENT 'Place of the answer in the survey.',
    share Float64 COMMENT 'Weighted share of the respondents who chose the answer, 0 to 1.',
    margin Float64 COMMENT 'Margin of error of the share at 95 %: half the width of the interval.',
    share_low Float64 COMMENT 'Lower end of the 95 % interval, which stays within 0 and 1.',
    share_high Float64 COMMENT 'Upper end.',
    chosen UInt64 COMMENT 'Respondents who chose the answer.',
    n UInt64 COMMENT 'Respondents who answered the question.',
    n_effective Float64 COMMENT 'What n is worth after weighting: never more than n.',
    rank UInt64 COMMENT 'Rank of the answer by share among those to the question.'
)
AS WITH
    1.959964 AS z,
    answered AS
    (
        SELECT survey_month, question_id, answers, weight, arrayJoin(['all', toString(size)]) AS client_size
        FROM (SELECT survey_month, question_id, answers, weight, survey_answers.client_size AS size FROM survey_answers)
    ),
    asked AS
    (
        SELECT survey_month, question_id, client_size, count() AS n, sum(weight) AS weights,
            weights * weights / sum(weight * weight) AS n_effective
        FROM answered GROUP BY survey_month, question_id, client_size
    ),
    chose AS
    (
        SELECT survey_month, question_id, client_size, arrayJoin(answers) AS answer, count() AS chosen, sum(weight) AS chosen_weight
        FROM answered GROUP BY survey_month, question_id, client_size, answer
    )
SELECT chose.survey_month AS survey_month, chose.question_id AS question_id, options.question AS question,
    chose.client_size AS client_size, chose.answer AS answer, options.label AS label, options.position AS position,
    chosen_weight / weights AS share,
    z * sqrt(greatest(share * (1 - share), 0) / n_effective) AS margin,
    (share + z * z / (2 * n_effective) - z * sqrt(greatest(share * (1 - share), 0) / n_effective + z * z / (4 * n_effective * n_effective))) / (1 + z * z / n_effective) AS share_low,
    (share + z * z / (2 * n_effective) + z * sqrt(greatest(share * (1 - share), 0) / n_effective + z * z / (4 * n_effective * n_effective))) / (1 + z * z / n_effective) AS share_high,
    chosen, n, n_effective,
    rank() OVER (PARTITION BY chose.survey_month, chose.question_id, chose.client_size ORDER BY chosen_weight DESC) AS rank
FROM chose
INNER JOIN asked ON asked.survey_month = chose.survey_month AND asked.question_id = chose.question_id AND asked.client_size = chose.client_size
LEFT JOIN (SELECT question_id, answer, question, label, position FROM survey_options FINAL) AS options
    ON options.question_id = chose.question_id AND options.answer = chose.answer
ORDER BY survey_month, question_id, client_size, rank, answer
COMMENT 'What the business pulse survey says: weighted share of every answer that anyone chose, by month and client size.
Formula: share = weights of those who chose / weights of all who answered; n_effective = (sum w)^2 / sum w^2 (L. Kish, 1965, Survey Sampling); margin = 1.96 sqrt(share (1 - share) / n_effective); share_low, share_high: Wilson''s interval (E. B. Wilson, 1927, JASA 22:209) with n_effective.
Example: SELECT question_id, answer, round(share, 4) AS share, round(margin, 4) AS margin, n FROM survey_shares WHERE survey_month = ''2025-11-01'' AND client_size = ''all'' AND rank <= 2';
