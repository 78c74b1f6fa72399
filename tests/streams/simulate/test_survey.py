import json
from collections import Counter, defaultdict
from datetime import UTC, date, datetime

import pytest

from schemas.survey import decode_response, load_survey
from streams.simulate.records import POST
from streams.simulate.survey import simulated_survey, survey_plan

ANCHOR = date(2025, 12, 1)
NOW = datetime(2025, 12, 1, tzinfo=UTC)


def test_every_question_and_answer_of_the_plan_is_of_the_survey_and_adds_up() -> None:
    plan, survey = survey_plan(), load_survey()
    for month in plan.months:
        assert month.counts.keys() == survey.keys()
        for question, counts in month.counts.items():
            assert counts.keys() == survey[question].answers.keys()
            if not survey[question].several:
                totals = [sum(column) for column in zip(*counts.values(), strict=True)]
                assert totals == [stratum.respondents for stratum in plan.strata.values()]


def test_last_answers_have_the_counts_of_the_plan_and_nobody_says_none_and_more() -> None:
    plan = survey_plan()
    last = defaultdict(dict)
    for record in simulated_survey(200, 7, ANCHOR):
        said = decode_response(record.value_bytes, NOW, load_survey())
        assert record.key == said.respondent_id.encode()
        last[said.survey_month, said.question_id][said.respondent_id] = said
    for month, name in zip(plan.months, ("2025-10", "2025-11"), strict=True):
        for question, counts in month.counts.items():
            responses = last[name, question].values()
            assert len(responses) == 200
            assert all("none" not in said.answers or len(said.answers) == 1 for said in responses)
            chosen = Counter((answer, said.client_size) for said in responses for answer in said.answers)
            assert chosen == Counter(
                {
                    (answer, size): 2 * number
                    for answer, numbers in counts.items()
                    for size, number in zip(plan.strata, numbers, strict=True)
                    if number
                }
            )


def test_same_seed_same_bytes_and_the_panel_stays() -> None:
    first, again, other = (list(simulated_survey(100, seed, ANCHOR)) for seed in (1, 1, 2))
    assert first == again != other
    panels = defaultdict(set)
    for record in first:
        panels[json.loads(record.value_bytes)["survey_month"]].add(record.key)
    assert panels["2025-10"] == panels["2025-11"]
    assert sum(record.kind == POST for record in first) == 2 * 3 * 100 < len(first)


def test_respondents_that_make_no_whole_block_are_refused() -> None:
    with pytest.raises(ValueError, match="a multiple of 100"):
        list(simulated_survey(150, 1, ANCHOR))
