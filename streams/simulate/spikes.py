"""Injected spikes and drops of demand, to test what should notice them. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final, NamedTuple

from schemas.faults import Fault
from streams.simulate.voice import Ask

_FORM: Final = re.compile(r"(?P<what>.+):x(?P<factor>[0-9.]+)@(?P<start>[^/]+)(/(?P<minutes>[0-9]+)m)?")


class SpikeError(Fault):
    """A spike is not written as it should be; the user writes it anew."""


class Spike(NamedTuple):
    """Posts for a skill (by tag) or a category (by slug) `factor` times as often from `start` until `end`.

    Both are seconds since the epoch. A factor below 1 is a drop: posts are left out.
    """

    what: str
    factor: float
    start: float
    end: float


class Spiked(NamedTuple):
    """What a spike makes of one post: how many of its kind are sent, and the skill they have in common."""

    copies: int
    wanted: str


def parsed(text: str, now: datetime) -> Spike:
    """The spike written as `SKILL:x3@TIME[/MINUTESm]`; TIME is RFC 3339 or `+MINUTESm` after `now`.

    It lasts an hour if nothing else is said. Raises SpikeError.
    """
    form = _FORM.fullmatch(text)
    if not form:
        raise SpikeError(f"spike {text!r}: write SKILL:x3@2026-01-31T10:00:00Z/60m or SKILL:x3@+10m/60m")
    try:
        start = _moment(form["start"], now)
        factor = float(form["factor"])
    except (ValueError, OverflowError) as error:
        raise SpikeError(f"spike {text!r}: {error}") from None
    return Spike(plain(form["what"]), factor, start, start + 60 * int(form["minutes"] or 60))


def _moment(text: str, now: datetime) -> float:
    if text.startswith("+") and text.endswith("m"):
        return (now + timedelta(minutes=int(text[1:-1]))).timestamp()
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"the time {text} needs a time zone, for example {text}Z")
    return moment.timestamp()


def plain(name: str) -> str:
    """The spelling that names are compared in: `Machine Learning` and `machine_learning` are the same."""
    return re.sub(r"[\s_-]+", " ", name).strip().lower()


def spiked(
    spikes: Sequence[Spike], category: str, asks: Sequence[Ask], posted_at: float, random: Random
) -> Spiked:
    """How often to send a post of `category` that asks for `asks`: once where no spike matches."""
    for spike in spikes:
        if spike.start <= posted_at < spike.end:
            tag = next((ask.tag for ask in asks if plain(ask.tag) == spike.what), "")
            if tag or plain(category) == spike.what:
                return Spiked(int(spike.factor + random.random()), tag)
    return Spiked(1, "")
