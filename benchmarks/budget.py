"""Where the time of a post goes: microseconds by stage of a worker at full speed, and of the engines beside it.

Beside each stage, what it takes alone: `benchmarks/alone.py`.
"""

import json
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.alone import stages_alone
from benchmarks.contestant import Contestant, worker
from benchmarks.track import Run, running

_PARTITIONS = 12

_STAGES = (
    "fetch",
    "decode",
    "sightings",
    "classify",
    "window",
    "prepare",
    "insert",
    "acknowledge",
    "event loop",
    "wait for ClickHouse",
    "wait for records",
)
"""In the order of a post's way; `benchmarks/peers/sampled_worker.py` says what belongs to which."""


def run(quick: bool) -> dict[str, Any]:
    """Microseconds a post by stage: `stages` in a worker, medians of the runs, and `alone`."""
    posts, runs = (30_000, 1) if quick else (100_000, 3)
    sampled = Contestant("sampled worker", worker("benchmarks.peers.sampled_worker"))
    with running(_PARTITIONS) as track:
        course = track.course(posts)
        found = [budget_of(track.race(sampled, course).run) for _ in range(runs)]
        settings = track.settings(course.topic, track.next_name())
        with track.database(settings) as client:
            alone = stages_alone(course, settings, client)
    stages = {stage: round(median(one.get(stage, 0.0) for one in found), 1) for stage in found[0]}
    table = Table("stage", "µs a post", "alone")
    for stage, microseconds in stages.items():
        table.add_row(stage, f"{microseconds:,.1f}", str(alone.get(stage, "")))
    Console().print(table)
    return {"stages": stages, "alone": alone}


def budget_of(run: Run) -> dict[str, float]:
    """Microseconds a post by stage, of a run of the sampled worker."""
    line = next(line for line in run.log.read_text().split("\n") if line.startswith("stages "))
    seconds: dict[str, float] = json.loads(line.removeprefix("stages "))
    parts = {stage: seconds.get(stage, 0.0) for stage in _STAGES} | {
        "whole, by the clock": run.seconds,
        "ClickHouse, processor": run.clickhouse,
        "broker, processor": run.broker,
    }
    return {stage: round(spent / run.posts * 1e6, 1) for stage, spent in parts.items()}


if __name__ == "__main__":
    run(quick=False)
