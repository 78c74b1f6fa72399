"""Time ranges and intervals as Grafana reckons them. Pure."""

import re
from datetime import UTC, datetime
from typing import Final

from schemas.faults import Fault

_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_RELATIVE: Final = re.compile(r"now(?:-(\d{1,6})([smhdwMy]))?")
_INTERVALS: Final = (
    *(1, 2, 5, 10, 15, 20, 30),
    *(60, 120, 300, 600, 900, 1200, 1800),
    *(3600, 7200, 10_800, 21_600, 43_200, 86_400, 604_800),
)
"""Seconds: the steps of a time axis. Each from a minute on divides a week, which comparisons with it need."""

_MOST_DAYS: Final = {"M": 31, "y": 366}
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC).timestamp()


class BadRequest(Fault):
    """The page asked for something that no board holds: answered with status 400 and this sentence."""


def moment(text: str, now: float) -> int:
    """Seconds since the epoch of `now`, `now-6h` or of milliseconds since the epoch. Raises BadRequest."""
    if text.isdecimal() and len(text) <= 14:
        return max(int(_EARLIEST), int(text) // 1000)
    if not (found := _RELATIVE.fullmatch(text)):
        raise BadRequest(f"{text!r} is no time: write now, now-6h or milliseconds since 1970")
    amount, unit = found.groups()
    if not amount:
        return int(now)
    seconds = _SECONDS.get(unit) or _MOST_DAYS[unit] * 86_400
    return max(int(_EARLIEST), int(now) - int(amount) * seconds)


def span(text: str) -> int:
    """Seconds of a panel's least interval: `10s`, `1m`, `1d`."""
    return int(text[:-1]) * _SECONDS[text[-1]]


def interval(since: int, until: int, points: int, least: int = 1) -> int:
    """Seconds of a step, so that about `points` of them fill the range."""
    wished = max(least, (until - since) / max(1, points))
    return next((step for step in _INTERVALS if step >= wished), _INTERVALS[-1])
