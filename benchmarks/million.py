"""One million posts of the scenario in one run: simulate, count, audit, with the worker's memory and time by stage.

python -m benchmarks.million [--posts N]
"""

import json
import os
import subprocess
import time
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.budget import budget_of
from benchmarks.contestant import Contestant, ContestantFailed, Start, command_of, peak_mb, worker
from benchmarks.course import ANCHOR
from benchmarks.posts_option import print_measured
from benchmarks.track import Track, running
from streams.topics import Topics

_PARTITIONS = 12
_TOPIC = "job-posts-million"
_POSTS = 1_000_000
_MEMORY_POINTS = 40


def run(quick: bool) -> dict[str, Any]:
    """Seconds of each step, records a second, peak memory, drift."""
    return measure(_POSTS // 20 if quick else _POSTS)


def measure(posts: int) -> dict[str, Any]:
    """The same for so many posts."""
    with running(_PARTITIONS) as track:
        figures, stages, memory = _measure(track, posts)
    for title, values in (("", figures), ("microseconds a post", stages)):
        table = Table(title, "")
        for name, value in values.items():
            table.add_row(name.replace("_", " "), f"{value:,}")
        Console().print(table)
    return figures | {"stages": stages, "memory": memory}


def _measure(track: Track, posts: int) -> tuple[dict[str, Any], dict[str, float], list[tuple[float, float]]]:
    """Figures of the whole, microseconds by stage, memory in MB by seconds."""
    settings = track.settings(_TOPIC, "million")
    Topics(settings).ensure((_TOPIC,))
    arguments = ("--posts", str(posts), "--anchor", f"{ANCHOR:%Y-%m}", "--json")
    sent, send_seconds = _timed(command_of(settings, "streams", "simulate", *arguments))
    with track.database(settings) as client:
        sampled = Contestant("worker", worker("benchmarks.peers.sampled_worker"))
        counted = track.count(sampled, settings, client, posts)
        audited, audit_seconds = _timed(command_of(settings, "streams", "audit", "--json"))
    if (audited["posts"], audited["drift"]) != (posts, 0):
        raise ContestantFailed(f"the audit of {posts:,} posts says {audited}")
    figures = {
        "posts": posts,
        "records": sent["records"],
        "repeats": sent["repeats"],
        "bad": sent["bad"],
        "mentions": audited["mentions"],
        "simulate_seconds": round(send_seconds, 1),
        "count_seconds": round(counted.seconds, 1),
        "posts_per_second": round(posts / counted.seconds),
        "audit_seconds": round(audit_seconds, 1),
        "drift": audited["drift"],
        "worker_peak_mb": round(counted.peak_mb),
        "clickhouse_peak_mb": round(peak_mb(track.clickhouse.pid)),
    }
    every = max(1, len(counted.memory) // _MEMORY_POINTS)
    memory = [(round(at, 1), round(megabytes, 1)) for at, megabytes in counted.memory[::every]]
    return figures, budget_of(counted), memory


def _timed(start: Start) -> tuple[dict[str, Any], float]:
    """What a command prints as JSON, and its seconds."""
    started = time.monotonic()
    done = subprocess.run(
        start.arguments, env=os.environ | start.environment, check=True, stdout=subprocess.PIPE
    )
    return json.loads(done.stdout), time.monotonic() - started


if __name__ == "__main__":
    print_measured(measure, __doc__, _POSTS)
