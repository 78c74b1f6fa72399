"""How fresh counts are at a steady rate: from the moment of producing a post until a query sees it counted.

`skillpulse simulate --rate` sends, one worker counts. Several times a second a query asks how far the counts have
come in each partition; a post is visible with the first answer whose last offset is not below its own. So what is
measured holds for each single post, and includes the wait for the next query.
"""

import time
from bisect import bisect_left
from collections import defaultdict
from typing import Any

from clickhouse_connect.driver.client import Client
from rich.console import Console
from rich.table import Table

from benchmarks.contestant import Process, command_of
from benchmarks.track import Track, running
from streams.round_log import quantile

_PARTITIONS = 12
_RATE = 2_000
_TOPIC = "job-posts-live"
_LOOK_EVERY = 0.05
_WARM_UP = 5.0
"""Seconds at the start that do not count: the first round of a new worker loads its state."""

_PATIENCE = 30.0
"""Seconds after the last post was sent in which all must be visible."""

_REACHED = "SELECT partition, max(last_offset) FROM category_demand GROUP BY partition"
"""Of all panes: a post that comes late is counted into an old one."""

_SENT = (
    "SELECT partition, offset, toUnixTimestamp64Milli(recorded_at) / 1000 FROM job_posts ORDER BY recorded_at"
)

Reached = dict[int, list[tuple[int, float]]]
"""Partition -> (last offset that is counted, when that was seen), both rising."""


def run(quick: bool) -> dict[str, Any]:
    """Seconds from producing to visible: quantiles over the posts."""
    seconds = 20 if quick else 120
    with running(_PARTITIONS) as track:
        lags, sent_rate, processor = _measure(track, seconds)
    figures = {
        "posts": len(lags),
        "posts_per_second_sent": round(sent_rate),
        **{f"p{round(level * 100)}_seconds": round(quantile(lags, level), 2) for level in (0.5, 0.95, 0.99)},
        "longest_seconds": round(lags[-1], 2),
        "worker_cores": round(processor, 2),
    }
    table = Table("", "")
    for name, value in figures.items():
        table.add_row(name.replace("_", " "), str(value))
    Console().print(table)
    return figures


def _measure(track: Track, seconds: int) -> tuple[list[float], float, float]:
    """Sorted seconds of each post, posts sent a second, cores that the worker used."""
    settings = track.settings(_TOPIC, "freshness")
    posts = _RATE * seconds
    simulate = command_of(settings, "streams", "simulate", "--rate", str(_RATE), "--posts", str(posts))
    with (
        track.database(settings) as client,
        track.processes("worker", command_of(settings, "streams", "worker")) as (counting,),
    ):
        counting.wait_begun()
        counting.measure()
        before, started = counting.processor, time.time()
        with track.processes("simulate", simulate) as (sending,):
            reached = _watch(client, sending, counting, posts)
        counting.measure()
        processor = (counting.processor - before) / (time.time() - started)
        sent = client.query(_SENT).result_rows
    first, last = sent[0][2], sent[-1][2]
    lags = [
        _visible(reached[partition], offset) - at for partition, offset, at in sent if at > first + _WARM_UP
    ]
    return sorted(lags), len(sent) / (last - first), processor


def _watch(client: Client, sending: Process, counting: Process, posts: int) -> Reached:
    """Look how far the counts are until all posts are in them."""
    reached: Reached = defaultdict(list)
    deadline = counted = 0.0
    while counted < posts:
        counting.require_running()
        if not sending.running():
            deadline = deadline or time.time() + _PATIENCE
            if time.time() > deadline:
                raise TimeoutError(f"{counted:,} of {posts:,} posts are visible: see {counting.log}")
            counted = client.query("SELECT sum(posts) FROM category_panes").result_rows[0][0]
        for partition, offset in client.query(_REACHED).result_rows:
            seen = reached[partition]
            if not seen or seen[-1][0] < offset:
                seen.append((offset, time.time()))
        time.sleep(_LOOK_EVERY)
    return reached


def _visible(seen: list[tuple[int, float]], offset: int) -> float:
    return seen[bisect_left(seen, (offset, 0.0))][1]


if __name__ == "__main__":
    run(quick=False)
