"""End to end, from Kafka to counts that a query sees: skillpulse beside the same job written plainly.

    python -m benchmarks.pipeline [--quick] [--kafka]

All read the same topics into the same ClickHouse, one after the other; `benchmarks/peers` says what each of them is.
Ratios are the rates of skillpulse divided by those of the others. `drift` is the sum of what all counts together lack
or have too much.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.contestant import Contestant, ContestantFailed, peer, worker
from benchmarks.peers.environment import PeersMissing
from benchmarks.track import Finish, Track, running

_PARTITIONS = 12

_WORKER = worker("streams", "worker")
_ONE = Contestant("skillpulse, one worker", _WORKER)
_TWO = Contestant("skillpulse, two workers", _WORKER, processes=2)
_BARE = Contestant("bare aiokafka loop", peer("bare_loop"))
_QUIX = Contestant("Quix Streams", peer("quix", own_environment=True))
_ALONE = Contestant("ClickHouse alone (reads differently)", peer("clickhouse_alone"), own_reading=True)
_FAUST = Contestant("plain Faust app", peer("plain_faust"))
_ONE_GIVEN = Contestant("skillpulse, unclassified", worker("benchmarks.peers.given_worker"), classified=False)
_FAUST_GIVEN = Contestant("plain Faust app, unclassified", peer("plain_faust"), classified=False)

_OURS = (_ONE, _TWO, _ONE_GIVEN)
_SLOW = (_FAUST, _FAUST_GIVEN)
"""They get fewer posts: their rate does not depend on the number, the patience of who waits for it does."""

_HEATS = {_ONE: (_TWO, _BARE, _QUIX, _ALONE, _FAUST), _ONE_GIVEN: (_FAUST_GIVEN,)}
"""Whose rate is divided -> by whose."""


class _Size(NamedTuple):
    posts: int
    slow_posts: int
    runs: int


_FULL = _Size(100_000, 20_000, 3)
_QUICK = _Size(30_000, 5_000, 1)


def run(quick: bool) -> dict[str, Any]:
    """Posts a second, median of the runs, their ratios, and whether the counts are right."""
    return races(quick, kafka=False)


def races(quick: bool, kafka: bool) -> dict[str, Any]:
    """The same, over the embedded broker or Apache Kafka."""
    size = _QUICK if quick else _FULL
    with _broker(kafka) as broker, running(_PARTITIONS, broker) as track:
        print(f"broker: {'Apache Kafka' if kafka else 'embedded'}, {_PARTITIONS} partitions", flush=True)
        finishes, skipped = _race_all(track, size)
    for name, reason in skipped.items():
        print(f"{name}: skipped, {reason}")
    tables = [_rows(first, others, finishes) for first, others in _HEATS.items()]
    for rows in tables:
        _print(rows)
    return _figures(finishes) | {"contestants": [row._asdict() for rows in tables for row in rows]}


Finishes = dict[Contestant, list[Finish]]


def _race_all(track: Track, size: _Size) -> tuple[Finishes, dict[str, str]]:
    """Every contestant's runs, in turn, so that what else the machine does falls on all alike."""
    fast, slow = track.course(size.posts), track.course(size.slow_posts)
    print(f"{fast.records:,} records of {fast.posts:,} posts; plain Faust gets {slow.posts:,}", flush=True)
    finishes: Finishes = {}
    skipped: dict[str, str] = {}
    for _ in range(size.runs):
        for contestant in (one for first, others in _HEATS.items() for one in (first, *others)):
            try:
                finish = track.race(contestant, slow if contestant in _SLOW else fast)
            except (PeersMissing, ContestantFailed) as reason:
                if contestant in _OURS:
                    raise
                skipped[contestant.name] = str(reason)
                continue
            print(f"{contestant.name}: {finish.run.rate:,.0f} posts/s, drift {finish.drift:,}", flush=True)
            finishes.setdefault(contestant, []).append(finish)
    return finishes, skipped


def _rate(finishes: Finishes, contestant: Contestant) -> float:
    return median(finish.run.rate for finish in finishes[contestant])


class Row(NamedTuple):
    """A line of the table: medians of the runs, the worst drift of all."""

    contestant: str
    ratio: float
    posts_per_second: int
    posts: int
    counted: int
    drift: int
    processor_seconds: float
    peak_mb: int
    start_up_seconds: float


def _rows(first: Contestant, others: Sequence[Contestant], finishes: Finishes) -> list[Row]:
    return [
        Row(
            contestant.name,
            round(_rate(finishes, first) / _rate(finishes, contestant), 2),
            round(_rate(finishes, contestant)),
            finishes[contestant][0].run.posts,
            max(finish.counted for finish in finishes[contestant]),
            max(finish.drift for finish in finishes[contestant]),
            round(median(finish.run.processor for finish in finishes[contestant]), 1),
            round(median(finish.run.peak_mb for finish in finishes[contestant])),
            round(median(finish.run.start_up for finish in finishes[contestant]), 1),
        )
        for contestant in (first, *others)
        if contestant in finishes
    ]


def _print(rows: list[Row]) -> None:
    table = Table("", "ratio", "posts/s", "posts", "counted", "drift", "processor s", "peak MB", "start-up s")
    for name, *numbers in rows:
        table.add_row(name, *(f"{number:,}" for number in numbers))
    Console(width=122).print(table)


def _figures(finishes: Finishes) -> dict[str, Any]:
    def ratio(first: Contestant, other: Contestant) -> float | None:
        return round(_rate(finishes, first) / _rate(finishes, other), 2) if other in finishes else None

    return {
        "posts_per_second": round(_rate(finishes, _ONE)),
        "ratio_to_plain_faust": ratio(_ONE, _FAUST),
        "ratio_to_quix": ratio(_ONE, _QUIX),
        "ratio_to_bare_loop": ratio(_ONE, _BARE),
        "ratio_to_clickhouse_alone": ratio(_ONE, _ALONE),
        "ratio_to_plain_faust_unclassified": ratio(_ONE_GIVEN, _FAUST_GIVEN),
        "ratio_of_two_workers_to_one": ratio(_TWO, _ONE),
        "exact": not any(finish.drift for contestant in _OURS for finish in finishes[contestant]),
    }


@contextmanager
def _broker(kafka: bool) -> Iterator[str]:
    """The address of an Apache Kafka of our own, or nothing, which means the embedded broker."""
    if not kafka:
        yield ""
        return
    from tests.kafka.server import Kafka

    with TemporaryDirectory() as folder:
        cluster = Kafka(Path(folder))
        try:
            cluster.start()
            yield cluster.bootstrap_servers
        finally:
            cluster.stop()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="fewer posts, one run")
    parser.add_argument("--kafka", action="store_true", help="Apache Kafka in place of the embedded broker")
    arguments = parser.parse_args()
    print(json.dumps(races(arguments.quick, arguments.kafka)))


if __name__ == "__main__":
    main()
