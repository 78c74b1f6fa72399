"""End to end, from Kafka to counts that a query sees: skillpulse beside the same job written plainly."""

from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.track import Contestant, Course, Finish, Track, peer, running, worker

_PARTITIONS = 12

_ONE = Contestant("skillpulse, one worker", worker(("-m", "streams", "worker")))
_TWO = Contestant("skillpulse, two workers", worker(("-m", "streams", "worker")), processes=2)
_FAUST = Contestant("plain Faust app", peer("plain_faust"))
_BARE = Contestant("bare aiokafka loop", peer("bare_loop"))
_ONE_GIVEN = Contestant(
    "skillpulse, unclassified", worker(("-m", "benchmarks.peers.given_worker")), classified=False
)
_FAUST_GIVEN = Contestant(
    "plain Faust app, unclassified", peer("plain_faust", classified=False), classified=False
)

_FAST = (_ONE, _TWO, _BARE, _ONE_GIVEN)
_SLOW = (_FAUST, _FAUST_GIVEN)
"""They get fewer posts: their rate does not depend on the number, the patience of who waits for it does."""


def run(quick: bool) -> dict[str, Any]:
    """Posts a second, median of the runs, their ratios, and whether the counts are right."""
    many, few, repetitions = (30_000, 5_000, 1) if quick else (100_000, 20_000, 3)
    with running(_PARTITIONS) as track:
        fast, slow = track.course(many), track.course(few)
        print(
            f"{fast.records:,} records of {many:,} posts in {_PARTITIONS} partitions; {few:,} for plain Faust"
        )
        finishes = {
            contestant.name: [_race(track, contestant, course) for _ in range(repetitions)]
            for course, contestants in ((fast, _FAST), (slow, _SLOW))
            for contestant in contestants
        }
    return _summary(finishes)


def _race(track: Track, contestant: Contestant, course: Course) -> Finish:
    finish = track.race(contestant, course)
    print(f"{contestant.name}: {finish.rate:,.0f} posts/s, drift {finish.drift}", flush=True)
    return finish


def _summary(finishes: dict[str, list[Finish]]) -> dict[str, Any]:
    rates = {name: median(finish.rate for finish in runs) for name, runs in finishes.items()}
    table = Table("", "ratio", "posts/s", "drift", "processor s", "peak MB", "start-up s")
    for name, runs in finishes.items():
        table.add_row(
            name,
            f"{rates[_ONE.name] / rates[name]:.2f}",
            f"{rates[name]:,.0f}",
            f"{max(finish.drift for finish in runs):,}",
            *(
                f"{median(getattr(finish, field) for finish in runs):,.1f}"
                for field in ("processor", "peak_mb", "start_up")
            ),
        )
    Console(width=110).print(table)
    ours = [runs for name, runs in finishes.items() if name.startswith("skillpulse")]
    return {
        "posts_per_second": round(rates[_ONE.name]),
        "ratio_to_plain_faust": round(rates[_ONE.name] / rates[_FAUST.name], 2),
        "ratio_to_bare_loop": round(rates[_ONE.name] / rates[_BARE.name], 2),
        "ratio_of_two_workers": round(rates[_TWO.name] / rates[_ONE.name], 2),
        "ratio_to_plain_faust_unclassified": round(rates[_ONE_GIVEN.name] / rates[_FAUST_GIVEN.name], 2),
        "exact": not any(finish.drift for runs in ours for finish in runs),
    }


if __name__ == "__main__":
    print(run(quick=True))
