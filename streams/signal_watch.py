"""Looks for signals every minute, and tells of them: in the log, in the topic, in the table.

One worker looks: the one that owns partition 0 of the job posts. Should two look at once (a rebalance under way),
they see the same counts at the same minute and write the same rows.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec
from clickhouse_connect.driver.client import Client

from schemas.faults import Fault
from schemas.hiring_signal import HiringSignal
from sinks.clickhouse.client import WRITER_SETTINGS, Address, opened
from sinks.clickhouse.signals import counts_in, known_signals, save_signals
from sinks.rows import SignalRow
from streams.signals import (
    ALL,
    LOOK_EVERY,
    WIDTHS,
    Kind,
    Look,
    Observation,
    Rules,
    Signal,
    baseline_width,
    detect,
    windows,
)

_log = logging.getLogger(__name__)

_SETTLE: Final = 30
"""Seconds after the end of a minute before it is looked at: posts are counted within two, and may be on their way."""

Announce = Callable[[bytes, bytes], Awaitable[object]]
"""Sends key and value to the topic of signals and waits for the broker's word."""


class SignalWatch:
    """The looks of one worker. `owns` says whether it is the one that looks."""

    def __init__(
        self,
        address: Address,
        rules: Rules,
        pane_seconds: int,
        owns: Callable[[], bool],
        announce: Announce,
        now: Callable[[], datetime],
    ) -> None:
        self._address = address
        self._rules = rules
        self._pane_seconds = pane_seconds
        self._owns = owns
        self._announce = announce
        self._now = now

    async def run(self) -> None:
        """Look until cancelled. A look that fails is left out: the next one is a minute away."""
        while True:
            moment = self._now().timestamp()
            at = next_look(moment)
            await asyncio.sleep(at + _SETTLE - moment)
            try:
                if self._owns():
                    await self.look(at)
            except Fault as fault:
                _log.warning("no look for signals at %s: %s", _time(at), fault)

    async def look(self, at: int) -> list[Signal]:
        """What begins or ends at `at`, seconds since the epoch, once it is told.

        Step 1  read the counts, and the signals known before
        Step 2  to the topic, confirmed: a crash now may tell of a signal twice, never not at all
        Step 3  to the table, which the next look knows it by
        """
        changed = await asyncio.to_thread(self._detect, at)
        for signal in changed:
            _log.warning("%s", sentence(signal))
            await self._announce(f"{signal.kind}:{signal.item}".encode(), msgspec.json.encode(event(signal)))
        if changed:
            await asyncio.to_thread(self._save, [row(signal, at) for signal in changed])
        return changed

    def _detect(self, at: int) -> list[Signal]:
        with opened(self._address, **WRITER_SETTINGS) as client:
            since = at - max(*WIDTHS, self._rules.cooldown)
            stored = [signal_of(row_) for row_ in known_signals(client, since)]
            known = [_as_known_before(signal, at) for signal in stored if signal.started_at < at]
            return detect(at, looks(client, at, self._pane_seconds), known, self._rules)

    def _save(self, rows: Sequence[SignalRow]) -> None:
        with opened(self._address, **WRITER_SETTINGS) as client:
            save_signals(client, rows)


def next_look(moment: float) -> int:
    """The end of the minute whose look comes next after `moment`, both seconds since the epoch."""
    return int((moment - _SETTLE) // LOOK_EVERY + 1) * LOOK_EVERY


def looks(client: Client, at: int, pane_seconds: int) -> list[Look]:
    """What is seen at `at` through every width that consists of whole panes."""
    at -= at % pane_seconds
    widths = [width for width in WIDTHS if width % pane_seconds == 0]
    ranges = [range_ for width in widths for range_ in windows(at, width)]
    each = len(ranges) // len(widths) if widths else 0
    categories = counts_in(client, "category_panes", "category", ranges)
    skills = counts_in(client, "skill_panes", "skill", ranges)
    total = [sum(column) for column in zip(*categories.values(), strict=True)] or [0] * len(ranges)
    found: list[tuple[Kind, str, list[int]]] = [
        ("all", ALL, total),
        *(("category", name, counts) for name, counts in categories.items()),
        *(("skill", name, counts) for name, counts in skills.items()),
    ]
    return [
        Look(
            width,
            width / baseline_width(width),
            [
                Observation(kind, name, counts[first], tuple(counts[first + 1 : first + each]))
                for kind, name, counts in found
                if kind == ALL or any(counts[first : first + each])
            ],
        )
        for first, width in zip(range(0, len(ranges), each or 1), widths, strict=True)
    ]


def event(signal: Signal) -> HiringSignal:
    """The event of a signal that begins, or ends where it has an end."""
    return HiringSignal(
        kind=signal.kind,
        item=signal.item,
        direction=signal.direction,
        window_seconds=signal.width,
        started_at=_time(signal.started_at),
        ended_at=None if signal.ended_at is None else _time(signal.ended_at),
        posts=signal.posts,
        baseline=signal.weeks,
        expected=signal.expected,
        rest_growth=signal.rest_growth,
        p_value=signal.p_value,
        p_limit=signal.p_limit,
    )


def row(signal: Signal, looked_at: int) -> SignalRow:
    """The row of a signal as it is after the look at `looked_at`."""
    return SignalRow(
        started_at=_time(signal.started_at),
        kind=signal.kind,
        item=signal.item,
        width=signal.width,
        direction=signal.direction,
        ended_at=None if signal.ended_at is None else _time(signal.ended_at),
        posts=signal.posts,
        baseline=signal.weeks,
        expected=signal.expected,
        rest_growth=signal.rest_growth,
        p_value=signal.p_value,
        p_limit=signal.p_limit,
        looked_at=_time(looked_at),
    )


def signal_of(stored: SignalRow) -> Signal:
    """The signal of a row."""
    return Signal(
        kind=stored.kind,  # type: ignore[arg-type]  # only our own rows are in the table
        item=stored.item,
        width=stored.width,
        started_at=int(stored.started_at.timestamp()),
        direction=stored.direction,  # type: ignore[arg-type]
        ended_at=None if stored.ended_at is None else int(stored.ended_at.timestamp()),
        posts=stored.posts,
        weeks=tuple(stored.baseline),
        expected=stored.expected,
        rest_growth=stored.rest_growth,
        p_value=stored.p_value,
        p_limit=stored.p_limit,
    )


def sentence(signal: Signal) -> str:
    """What an operator reads in the log."""
    what = f"{signal.direction} of {signal.kind} {signal.item}"
    if signal.ended_at is not None:
        lasted = (signal.ended_at - signal.started_at) // LOOK_EVERY
        return f"signal over: {what}, after {lasted} minutes"
    width = f"{signal.width // 3600} h" if signal.width >= 3600 else f"{signal.width // 60} min"
    return (
        f"signal: {what}: {signal.posts} posts in {width}, expected {signal.expected:.1f}"
        f" (same hours of the past weeks: {', '.join(map(str, signal.weeks))}; p = {signal.p_value:.1e})"
    )


def _as_known_before(signal: Signal, at: int) -> Signal:
    """The signal as the look at `at` must see it, though it may be a repeated one: ends before it, or lasts."""
    ended = signal.ended_at is not None and signal.ended_at < at
    return signal if ended else signal._replace(ended_at=None)


def _time(moment: int) -> datetime:
    return datetime.fromtimestamp(moment, UTC)
