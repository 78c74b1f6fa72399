"""The survey's questions, and whether a record answers one of them. Pure apart from `load_survey`."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from schemas import limits
from schemas.event import decode_event
from schemas.faults import Fault
from schemas.rejected import RejectedEvent
from schemas.survey_response import MAJOR_VERSION, Slug, SurveyResponse

PACKAGED: Final = Path(__file__).with_name("survey.toml")

_DECODER: Final = msgspec.json.Decoder(SurveyResponse)


class SurveyFault(Fault):
    """The file of questions is missing or wrong; the user mends it and calls again."""


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question: its text, answer id -> text, and whether several answers may be chosen."""

    text: str
    answers: dict[Slug, str]
    several: bool = False


Survey = Mapping[str, Question]
"""Question id -> question, in the order in which they are asked."""


def load_survey(path: Path | None = None) -> Survey:
    """The survey in the TOML file `path`, the packaged one by default. Raises SurveyFault."""
    path = path or PACKAGED
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), dict[Slug, Question])
    except (OSError, ValueError) as error:
        raise SurveyFault(f"survey {path}: {error}") from error


def decode_response(value: bytes | None, recorded_at: datetime | None, survey: Survey) -> SurveyResponse:
    """The response in `value`.

    `recorded_at` is the record's own timestamp in UTC, None where the log has none. The outcome depends on
    the arguments alone. Raises RejectedEvent.
    """
    response = decode_event(_DECODER, value, MAJOR_VERSION)
    _check_month(response.survey_month, recorded_at)
    _check_answers(response, survey)
    return response


def first_of(survey_month: str) -> datetime:
    """The first moment of `2025-11` in UTC. Raises ValueError in the year 0."""
    year, month = survey_month.split("-")
    return datetime(int(year), int(month), 1, tzinfo=UTC)


def _check_month(survey_month: str, recorded_at: datetime | None) -> None:
    if not limits.EARLIEST_POSTED_AT.year <= int(survey_month[:4]) < limits.LATEST_POSTED_AT.year:
        raise RejectedEvent(
            "absurd_time",
            f"survey_month {survey_month} is outside the years"
            f" {limits.EARLIEST_POSTED_AT.year} to {limits.LATEST_POSTED_AT.year - 1}",
        )
    if recorded_at is not None and first_of(survey_month) - recorded_at > limits.MAX_SURVEY_AHEAD:
        raise RejectedEvent(
            "absurd_time",
            f"survey_month {survey_month} begins more than {limits.MAX_SURVEY_AHEAD.days} days after the"
            f" record's own time {recorded_at.isoformat()}",
        )


def _check_answers(response: SurveyResponse, survey: Survey) -> None:
    question = survey.get(response.question_id)
    if question is None:
        raise RejectedEvent(
            "unknown_question", f"question_id {response.question_id!r} is none of {', '.join(survey)}"
        )
    for answer in response.answers:
        if answer not in question.answers:
            raise RejectedEvent(
                "unknown_answer",
                f"{answer!r} is no answer to {response.question_id}: it takes {', '.join(question.answers)}",
            )
    if len(set(response.answers)) > 1 and not question.several:
        raise RejectedEvent(
            "unknown_answer", f"{response.question_id} takes one answer, not {len(response.answers)}"
        )
