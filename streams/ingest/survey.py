"""From a row of a survey's export to a valid survey response, or to the reason why not. Pure."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

import msgspec

from schemas.survey import Survey, decode_response
from streams.ingest.parse import Event, Parse, checked
from streams.ingest.row import UNREADABLE, Row
from streams.ingest.values import texts

_SEPARATORS: Final = ("|", ";", ",")
"""Between the answers in one column: the first of these that occurs; ids hold none of them."""


def survey_parser(survey: Survey, now: Callable[[], datetime]) -> Parse:
    """How rows become responses: lines of JSONL as they stand, other rows by the names of their columns.

    Columns: survey_month, respondent_id, question_id, answers, and if wanted weight and client_size. `now` is as in
    `streams.ingest.parse.parser`.
    """

    def respondent_id(value: bytes) -> str:
        return decode_response(value, now(), survey).respondent_id

    def parse(row: Row) -> Event:
        if row.fault:
            return Event(b"", b"", UNREADABLE, row.fault)
        if row.fields is None:
            return checked(row.raw, respondent_id)
        return checked(msgspec.json.encode(_response(row.fields)), respondent_id)

    return parse


def _response(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields without empty columns, answers as a list, the weight as a number where it is one."""
    response = {name: value for name, value in fields.items() if value not in (None, "")}
    response["answers"] = texts(fields.get("answers") or "", _SEPARATORS)
    with suppress(TypeError, ValueError):  # of what is no number the schema says so
        response["weight"] = float(response.get("weight", 1.0))
    return response
