import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from schemas import limits
from schemas.published import rendered
from schemas.rejected import RejectedEvent
from schemas.survey import SurveyFault, decode_response, load_survey

SURVEY = load_survey()
NOW = datetime(2025, 11, 20, tzinfo=UTC)
VALIDATOR = Draft202012Validator(json.loads(rendered("survey_response.v1.json")))
GOOD = {
    "survey_month": "2025-11",
    "respondent_id": "r1",
    "question_id": "digital_fluency",
    "answers": ["yes"],
}


def encoded(**fields: Any) -> bytes:
    return json.dumps({**GOOD, **fields}).encode()


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="one answer"),
        pytest.param({"answers": []}, id="taken back"),
        pytest.param({"answers": ["yes", "yes"]}, id="the same twice"),
        pytest.param({"survey_month": "2025-12"}, id="next month"),
        pytest.param({"question_id": "hire_next_three_months", "answers": ["data_ai", "none"]}, id="several"),
        pytest.param({"schema_version": "1.7", "new": 1}, id="a newer minor"),
    ],
)
def test_responses_that_count(fields: dict[str, Any]) -> None:
    assert decode_response(encoded(**fields), NOW, SURVEY).respondent_id == "r1"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        pytest.param({"answers": ["yes", "no"]}, "unknown_answer", id="two answers where one is asked"),
        pytest.param({"answers": ["Yes"]}, "unknown_answer", id="no such answer"),
        pytest.param({"question_id": "mood"}, "unknown_question", id="no such question"),
        pytest.param({"survey_month": "1999-12"}, "absurd_time", id="before all surveys"),
        pytest.param({"survey_month": "0000-12"}, "absurd_time", id="no year"),
        pytest.param({"survey_month": "2026-01"}, "absurd_time", id="in two months"),
        pytest.param({"survey_month": "2025-13"}, "invalid", id="month 13"),
        pytest.param({"survey_month": "2025-11\n"}, "invalid", id="a line break"),
        pytest.param({"weight": 0}, "invalid", id="no weight"),
        pytest.param({"weight": limits.MAX_WEIGHT * 2}, "invalid", id="a weight above all others"),
        pytest.param({"respondent_id": " "}, "invalid", id="nobody"),
        pytest.param({"answers": "yes"}, "invalid", id="answers not a list"),
        pytest.param({"schema_version": "2"}, "unknown_version", id="version 2"),
    ],
)
def test_responses_that_are_rejected(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(RejectedEvent) as rejected:
        decode_response(encoded(**fields), NOW, SURVEY)
    assert rejected.value.code == code


anything = st.none() | st.integers() | st.text(max_size=5) | st.lists(st.text(max_size=3), max_size=2)


@given(
    st.fixed_dictionaries(
        {
            "survey_month": st.sampled_from(["2025-11", "2025-1", "2025-11 ", "25-11"]) | anything,
            "respondent_id": st.sampled_from(["r1", "", "x" * 201]) | anything,
            "question_id": st.just("digital_fluency"),
            "answers": st.sampled_from([["yes"], [], ["no"]]) | anything,
        },
        optional={
            "weight": st.floats(allow_nan=False, allow_infinity=False) | anything,
            "client_size": st.sampled_from(["smb", "large", "unknown"]) | anything,
            "schema_version": st.sampled_from(["1", 1, "1.2", "1\n"]) | anything,
        },
    )
)
def test_the_schema_accepts_what_the_decoder_accepts(response: dict[str, Any]) -> None:
    try:
        decode_response(json.dumps(response).encode(), NOW, SURVEY)
    except RejectedEvent as rejected:
        accepted = rejected.code in {"unknown_answer", "absurd_time"}  # what a schema cannot say
    else:
        accepted = True
    assert VALIDATOR.is_valid(response) == accepted


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[q]\ntext = 1", id="wrong type"),
        pytest.param("[q", id="no TOML"),
        pytest.param('[q]\ntext = "?"\nanswer = {}', id="unknown field"),
    ],
)
def test_a_wrong_file_of_questions_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "survey.toml"
    path.write_text(text)
    with pytest.raises(SurveyFault, match=r"survey\.toml: "):
        load_survey(path)


def test_a_missing_file_of_questions_is_named(tmp_path: Path) -> None:
    with pytest.raises(SurveyFault, match="none"):
        load_survey(tmp_path / "none.toml")
