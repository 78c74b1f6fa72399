"""Signals on simulated streams: false alarms while nothing changes, spikes found, and how soon.

    python -m benchmarks.signals [--quick]

Skills and categories have the shares that classifying simulated posts gives them, the hours of the day those of the
scenario; minutes are independent Poisson counts, this week and in the four weeks before. The detection is the
product's own (`streams.signals.detect`), every minute, over all items and widths.
"""

import argparse
from collections import Counter, defaultdict
from datetime import date
from itertools import islice
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from schemas.decode import decode_post
from schemas.rejected import RejectedEvent
from streams.classify import load_classifier
from streams.settings import Settings
from streams.signals import (
    ALL,
    DAY,
    HOUR,
    MINUTE,
    WEEKS,
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
from streams.simulate import generate, load_scenario

POSTS_AN_HOUR = 3_600
"""A busy marketplace: half of all simulated skills then have 30 posts an hour or more."""

BANDS = ((30, 60), (60, 120), (120, 240), (240, 100_000))
"""Posts an hour of the item that spikes."""

FACTORS = (2.0, 3.0)

LONGEST_DELAY = 60
"""Minutes: a spike that was not found while it lasted is missed."""

START = 1_760_054_400
"""Midnight UTC, a Friday."""

MINUTES_A_DAY = DAY // MINUTE
PAST = range(1, WEEKS + 1)


class Market(NamedTuple):
    """The items of a steady market: kind, name and posts an hour, the item ALL first."""

    items: list[tuple[Kind, str]]
    an_hour: Any

    @property
    def busiest(self) -> list[int]:
        """Twenty large items, from which it shows how much weeks differ."""
        return [int(item) for item in np.argsort(-self.an_hour)[1:21]]


def rules() -> Rules:
    """Those of the default settings."""
    said = Settings()
    return Rules(
        said.signal_false_alarms,
        said.signal_min_posts,
        said.signal_min_ratio,
        said.signal_cooldown_minutes * MINUTE,
    )


def market(posts: int) -> Market:
    """Shares of skills and categories among so many simulated posts, scaled to POSTS_AN_HOUR."""
    classifier, counts, read = load_classifier(), Counter[tuple[Kind, str]](), 0
    for record in islice(generate(load_scenario("november"), posts, 1, date(2025, 12, 1)), posts):
        try:
            post = decode_post(record.value_bytes, None)
        except RejectedEvent:
            continue
        said = classifier.classify(post.title, post.description, post.skills, post.category)
        read += 1
        counts[("category", said.category)] += 1
        counts.update({("skill", hit.skill): 1 for hit in said.skills})
    items: list[tuple[Kind, str]] = [("all", ALL), *counts]
    return Market(items, np.array([read, *counts.values()]) * (POSTS_AN_HOUR / read))


class Stream:
    """Counts by minute of this and the past weeks: day 0 is the history that the widest window needs.

    The item ALL is drawn like any other; what spikes is added to it, too.
    """

    def __init__(self, steady: Market, days: int, random: Any) -> None:
        hours = np.array(load_scenario("november").hours)
        by_minute = np.repeat(hours / hours.mean(), HOUR // MINUTE)
        self._steady = steady
        self._random = random
        rates = np.outer(np.tile(by_minute, days + 2), steady.an_hour / (HOUR // MINUTE))
        self.now = self._summed(rates)
        self.past = [self._summed(rates) for _ in PAST]
        self.rates = rates

    def _summed(self, rates: Any) -> Any:
        drawn = self._random.poisson(rates).astype(np.int32)
        return np.vstack([np.zeros((1, drawn.shape[1]), np.int32), drawn.cumsum(axis=0, dtype=np.int32)])

    def spiked(self, item: int, minute: int, factor: float) -> Any:
        """The sums of this week with one item spiking from `minute` on for LONGEST_DELAY."""
        extra = np.zeros(len(self.rates), np.int64)
        last = minute + LONGEST_DELAY
        extra[minute:last] = self._random.poisson(self.rates[minute:last, item] * (factor - 1))
        added = np.concatenate([[0], extra.cumsum()])
        now = self.now.copy()
        now[:, item] += added.astype(np.int32)
        now[:, 0] += added.astype(np.int32)
        return now

    def looks(self, minute: int, now: Any, only: list[int] | None = None) -> list[Look]:
        """What is seen at `minute`; `only` some items."""
        at = START + minute * MINUTE
        chosen = slice(None) if only is None else only
        names = self._steady.items if only is None else [self._steady.items[item] for item in only]
        found = []
        for width in WIDTHS:
            (start, end), *before = [_minutes(range_) for range_ in windows(at, width)]
            posts = (now[end, chosen] - now[start, chosen]).tolist()
            weeks = zip(
                *(
                    (sums[last + shift, chosen] - sums[first + shift, chosen]).tolist()
                    for sums, (first, last), shift in zip(self.past, before, _SHIFTS, strict=True)
                ),
                strict=True,
            )
            seen = [
                Observation(kind, name, count, past)
                for (kind, name), count, past in zip(names, posts, weeks, strict=True)
                if count or any(past)
            ]
            found.append(Look(width, width / baseline_width(width), seen))
        return found


_SHIFTS = [week * 7 * MINUTES_A_DAY for week in PAST]


def _minutes(range_: tuple[int, int]) -> tuple[int, int]:
    return (range_[0] - START) // MINUTE, (range_[1] - START) // MINUTE


class Memory:
    """The signals known so far, as the table keeps them."""

    def __init__(self) -> None:
        self.signals: dict[tuple[Any, ...], Signal] = {}

    def look(self, at: int, looks: list[Look]) -> list[Signal]:
        """Detect, and remember."""
        horizon = at - DAY
        known = [s for s in self.signals.values() if s.ended_at is None or s.ended_at >= horizon]
        changed = detect(at, looks, known, rules())
        self.signals |= {signal[:4]: signal for signal in changed}
        return [signal for signal in changed if signal.ended_at is None]


def false_alarms(steady: Market, days: int, seed: int) -> dict[str, Any]:
    """Signals that begin while nothing changes."""
    stream, memory = Stream(steady, days, np.random.default_rng(seed)), Memory()
    begun: list[Signal] = []
    for minute in range(MINUTES_A_DAY, (1 + days) * MINUTES_A_DAY):
        begun += memory.look(START + minute * MINUTE, stream.looks(minute, stream.now))
    return {
        "days": days,
        "items": len(steady.items),
        "looks": days * MINUTES_A_DAY,
        "false_alarms": len(begun),
        "false_alarms_a_day": round(len(begun) / days, 3),
        "by_width": dict(Counter(str(signal.width) for signal in begun)),
    }


def spikes(steady: Market, each: int, seed: int) -> dict[str, Any]:
    """`each` spikes for every band and factor: share found within ten minutes and at all, and the delay.

    Only the item and a few others are looked at, but held to the limit of all of them.
    """
    random = np.random.default_rng(seed)
    streams = [Stream(steady, 1, random) for _ in range(3)]
    by_band: dict[str, dict[str, Any]] = defaultdict(dict)
    for low, high in BANDS:
        items = [i for i, rate in enumerate(steady.an_hour) if low <= rate < high and i]
        for factor in FACTORS:
            delays = [
                _delay(streams[trial % 3], items[random.integers(len(items))], factor, random, steady)
                for trial in range(each)
            ]
            found = sorted(delay for delay in delays if delay is not None)
            by_band[f"{low} to {high} an hour" if high < 100_000 else f"{low} an hour and more"][
                f"x{factor:g}"
            ] = {
                "found_within_10_min": round(sum(delay <= 10 for delay in found) / each, 3),
                "found_within_30_min": round(sum(delay <= 30 for delay in found) / each, 3),
                "found_within_60_min": round(len(found) / each, 3),
                "median_delay_min": median(found) if found else None,
            }
    return dict(by_band)


def _delay(stream: Stream, item: int, factor: float, random: Any, steady: Market) -> int | None:
    """Minutes until the spike is found; None if it is not."""
    minute = _busy_minute(stream, item, random, steady)
    now = stream.spiked(item, minute, factor)
    only = [0, item, *(other for other in steady.busiest if other != item)]
    shared = rules()._replace(false_alarms=rules().false_alarms * len(only) / len(steady.items))
    for delay in range(1, LONGEST_DELAY + 1):
        looks = stream.looks(minute + delay, now, only)
        begun = detect(START + (minute + delay) * MINUTE, looks, [], shared)
        if any(signal[:2] == steady.items[item] and signal.direction == "spike" for signal in begun):
            return delay
    return None


def _busy_minute(stream: Stream, item: int, random: Any, steady: Market) -> int:
    """A minute of the day at which the item has the posts an hour of its band."""
    minutes = np.arange(MINUTES_A_DAY, 2 * MINUTES_A_DAY - LONGEST_DELAY)
    near = np.abs(stream.rates[minutes, item] * (HOUR // MINUTE) / steady.an_hour[item] - 1) < 0.2
    return int(random.choice(minutes[near]))


def run(quick: bool) -> dict[str, Any]:
    """False alarms a day over all items, and spikes found by band of posts an hour."""
    steady = market(4_000 if quick else 20_000)
    days, each = (1, 20) if quick else (3, 200)
    found = spikes(steady, each, seed=2)
    for band, by_factor in found.items():
        for factor, figures in by_factor.items():
            print(f"{band}, {factor}: {figures}", flush=True)
    alarms = false_alarms(steady, days, seed=1)
    print(f"while nothing changes: {alarms}", flush=True)
    return {"posts_an_hour": POSTS_AN_HOUR, "steady": alarms, "spikes": found}


def main() -> None:
    """Print the figures, spikes first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one day and few spikes")
    run(parser.parse_args().quick)


if __name__ == "__main__":
    main()
