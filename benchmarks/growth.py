"""How cost grows: posts a second of one worker as one thing after another is made larger.

Everything else stays as it is by default. Each point is a race of its own, from an empty database to the last count.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.contestant import Contestant, worker
from benchmarks.taxonomies import taxonomy
from benchmarks.track import Run, Track, running

_PARTITIONS = 12
_WORKER = worker("streams", "worker")


class Point(NamedTuple):
    """One measurement."""

    at: float
    posts_per_second: int
    peak_mb: int


Points = Iterator[tuple[float, Run]]


class Series(NamedTuple):
    """What is made larger, and how."""

    what: str
    measure: Callable[[Track, int, bool], Points]
    logarithmic: bool = True


def _count(track: Track, posts: int, workers: int = 1, partitions: int = _PARTITIONS, **others: Any) -> Run:
    """Count a course of so many posts under other settings than the default ones; all must become visible."""
    course = track.course(posts, partitions)
    settings = track.settings(course.topic, track.next_name(), **others, partitions=partitions)
    with track.database(settings) as client:
        return track.count(Contestant("", _WORKER, workers), settings, client, posts)


def _posts(track: Track, posts: int, quick: bool) -> Points:
    for number in (posts // 4, posts, posts * 4) if quick else (posts // 10, posts // 3, posts, posts * 3):
        yield number, _count(track, number)


def _taxonomy(track: Track, posts: int, quick: bool) -> Points:
    for size in (0.5, 2) if quick else (0.125, 0.25, 0.5, 1, 2, 4):
        folder = track.folder / "taxonomy"
        yield taxonomy(folder, size), _count(track, posts, taxonomy=folder)


def _windows(track: Track, posts: int, quick: bool) -> Points:
    for seconds in (3_600, 10) if quick else (86_400, 3_600, 600, 60, 10):
        yield _SPAN // seconds, _count(track, posts, pane_seconds=seconds)


_SPAN = 61 * 86_400
"""Seconds of the scenario's two months."""


def _setting(
    name: str, few: tuple[int, ...], all_values: tuple[int, ...]
) -> Callable[[Track, int, bool], Points]:
    def measure(track: Track, posts: int, quick: bool) -> Points:
        for value in few if quick else all_values:
            yield value, _count(track, posts, **{name: value})

    return measure


def _partitions(track: Track, posts: int, quick: bool) -> Points:
    for number in (1, 24) if quick else (1, 3, 6, 12, 24, 48):
        yield number, _count(track, posts, partitions=number)


def _workers(track: Track, posts: int, quick: bool) -> Points:
    for number in (1, 2) if quick else (1, 2, 3, 4):
        yield number, _count(track, posts, workers=number)


SERIES = {
    "posts": Series("posts in the topic", _posts),
    "taxonomy": Series("skills of the taxonomy", _taxonomy),
    "windows": Series("live windows (panes with posts)", _windows),
    "sightings": Series(
        "sightings window, messages of a partition",
        _setting("sightings_window", (1_000, 10_000_000), (1_000, 10_000, 100_000, 1_000_000, 10_000_000)),
    ),
    "batch": Series(
        "most records of a batch",
        _setting("batch_records", (100, 5_000), (20, 100, 500, 2_000, 5_000, 20_000)),
    ),
    "cache": Series(
        "counts kept in memory for each partition",
        _setting("cached_counts", (1_000, 250_000), (1_000, 10_000, 50_000, 250_000, 1_000_000)),
    ),
    "partitions": Series("partitions", _partitions, logarithmic=False),
    "workers": Series("workers", _workers, logarithmic=False),
}
"""Name -> what grows."""


def run(quick: bool) -> dict[str, Any]:
    """Points by series."""
    posts = 10_000 if quick else 60_000
    with running(_PARTITIONS) as track:
        return {name: _measured(track, series, posts, quick) for name, series in SERIES.items()}


def _measured(track: Track, series: Series, posts: int, quick: bool) -> list[dict[str, float]]:
    table = Table(series.what, "posts/s", "worker's peak MB")
    points = []
    for at, counted in series.measure(track, posts, quick):
        point = Point(at, round(counted.rate), round(counted.peak_mb))
        table.add_row(*(f"{value:,}" for value in point))
        points.append(point._asdict())
    Console().print(table)
    return points
