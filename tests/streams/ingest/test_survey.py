from datetime import UTC, datetime

import msgspec
import pytest

from schemas.survey import load_survey
from streams.ingest.row import UNREADABLE, Row
from streams.ingest.survey import survey_parser

PARSE = survey_parser(load_survey(), lambda: datetime(2025, 11, 20, tzinfo=UTC))
COLUMNS = {
    "survey_month": "2025-11",
    "respondent_id": "r1",
    "question_id": "hire_next_three_months",
    "answers": "data_ai|design_creative",
    "weight": "1.5",
    "client_size": "smb",
}


def test_columns_become_a_response() -> None:
    event = PARSE(Row(1, fields=COLUMNS))
    assert (event.key, event.reason) == (b"r1", "")
    said = msgspec.json.decode(event.value)
    assert said == {**COLUMNS, "answers": ["data_ai", "design_creative"], "weight": 1.5}


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        pytest.param({"answers": "", "weight": "", "client_size": ""}, "", id="empty columns"),
        pytest.param({"weight": "heavy"}, "invalid", id="weight is no number"),
        pytest.param({"weight": "nan"}, "invalid", id="weight is not a number at all"),
        pytest.param({"answers": "data_ai;mood"}, "unknown_answer", id="unknown answer"),
        pytest.param({"respondent_id": ""}, "invalid", id="nobody"),
        pytest.param({"client_size": "huge"}, "invalid", id="unknown size"),
    ],
)
def test_what_is_wrong_is_said(columns: dict[str, str], reason: str) -> None:
    assert PARSE(Row(1, fields={**COLUMNS, **columns})).reason == reason


def test_lines_pass_as_they_are_and_unreadable_ones_do_not() -> None:
    line = b'{"survey_month":"2025-11","respondent_id":"r1","question_id":"digital_fluency","answers":["no"]}'
    assert PARSE(Row(1, raw=line)) == (b"r1", line, "", "")
    assert PARSE(Row(1, raw=line[:-4])).reason == UNREADABLE
    assert PARSE(Row(1, fault="too long")).detail == "too long"
    unknown = PARSE(Row(1, raw=line.replace(b"no", b"nope")))
    assert (unknown.key, unknown.reason) == (b"r1", "unknown_answer")
