"""Variables and macros in queries, expanded as Grafana and its ClickHouse plugin expand them. Pure."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from dashboards.board.times import BadRequest

ALL: Final = "$__all"
"""The value of a variable that stands for all of its values."""

_VARIABLE: Final = re.compile(r"\$\{(\w+)(?::(\w+))?\}|\$(?!__)([A-Za-z]\w*)")
_MACRO: Final = re.compile(r"\$__(\w+)(?:\(([^()]*)\))?")
_PLAIN: Final = re.compile(r"[\w.-]*")


class Frame(NamedTuple):
    """Time range and step of a panel, in seconds."""

    since: int
    until: int
    step: int


class Value(NamedTuple):
    """What is chosen in a variable; `instead` stands in queries, as written, where everything is."""

    chosen: tuple[str, ...]
    instead: str | None = None


def expand(sql: str, frame: Frame, variables: Mapping[str, Value]) -> str:
    """The query to run. Raises BadRequest for what it does not know."""
    return _MACRO.sub(
        lambda found: _macro(found, frame), _VARIABLE.sub(lambda found: _filled(found, variables), sql)
    )


def _filled(found: re.Match[str], variables: Mapping[str, Value]) -> str:
    name, form = found[1] or found[3], found[2] or ""
    if name not in variables:
        raise BadRequest(f"the query uses the variable {name}, which has no value")
    value = variables[name]
    if ALL in value.chosen and value.instead is not None:
        return value.instead
    if form == "sqlstring":
        return ",".join(map(quoted, value.chosen))
    if not all(map(_PLAIN.fullmatch, value.chosen)):
        raise BadRequest(f"the value of {name} can only be a number or a plain name")
    return ",".join(value.chosen)


def quoted(text: str) -> str:
    """A string literal of ClickHouse that holds `text` and ends where it ends."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _macro(found: re.Match[str], frame: Frame) -> str:
    name, column = found[1], found[2]
    since, until = f"toDateTime({frame.since})", f"toDateTime({frame.until})"
    match name:
        case "fromTime":
            return since
        case "toTime":
            return until
        case "interval_s":
            return str(frame.step)
        case "timeFilter" if column:
            return f"{column} >= {since} AND {column} <= {until}"
        case "timeInterval" if column:
            return f"toStartOfInterval(toDateTime({column}), INTERVAL {frame.step} second)"
        case _:
            raise BadRequest(f"this viewer does not know the macro $__{name}")
