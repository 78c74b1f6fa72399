"""Whether something grows: the last quarter of its samples against the second.

The first quarter is for what fills once: caches, the window of sightings, a JVM's heap. From the second to the last
quarter a thing may grow by a fifth and some slack, since faults and merges fall where they like; a leak of a steady
size grows between them by half of all that it ever leaks.

Of memory and parts the most is judged, by which they do harm. Of open files the median: ClickHouse holds 17 at rest and
opens 400 for a second to merge, which one sample in a hundred meets; a leak lifts the median.
"""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from tests.faults.soak.samples import Process, Sample

FEWEST: Final = 16
"""Samples of a run, below which quarters say nothing."""

FEWEST_OF_A_LIFE: Final = 40
"""Samples of one process, from its start to its kill: below, its caches were filling all the time."""

_GROWTH: Final = 1.2
_SLACK: Final[Mapping[str, float]] = {"rss_mib": 64, "files": 32, "parts": 100}
_LEVEL: Final[Mapping[str, Callable[[Sequence[float]], float]]] = {
    "rss_mib": max,
    "files": statistics.median,
    "parts": max,
}


class Bound(NamedTuple):
    """The judgement of one thing: its level in the second and in the last quarter, and what it might be there."""

    name: str
    measure: str
    second: float
    last: float
    limit: float

    @property
    def holds(self) -> bool:
        """Whether it did not grow."""
        return self.last <= self.limit


def bound(name: str, measure: str, values: Sequence[float]) -> Bound:
    """Judge at least four values in the order of time."""
    quarter, level = len(values) // 4, _LEVEL[measure]
    second, last = level(values[quarter : 2 * quarter]), level(values[-quarter:])
    return Bound(name, measure, second, last, second * _GROWTH + _SLACK[measure])


def bounds(samples: Sequence[Sample], growing: Sequence[str] = ()) -> list[Bound]:
    """Of all that was sampled: processes over the whole run and over each long life, and parts.

    The memory of processes in `growing` is not judged.
    """
    judged = [
        bound(name, measure, values)
        for name, lives in _processes(samples).items()
        for measure, values in _series(lives)
        if not (measure == "rss_mib" and name.split(",")[0] in growing)
    ]
    return [*judged, bound("ClickHouse", "parts", [one.parts for one in samples if one.parts is not None])]


def _processes(samples: Sequence[Sample]) -> dict[str, list[Process]]:
    """The samples of each process under its name, and those of each of its long lives under name and number."""
    found: dict[str, list[Process]] = {}
    for sample in samples:
        for name, process in sample.processes.items():
            found.setdefault(name, []).append(process)
    for name, looks in [*found.items()]:
        pids = list(dict.fromkeys(look.pid for look in looks))
        for number, pid in enumerate(pids, 1):
            life = [look for look in looks if look.pid == pid]
            if FEWEST_OF_A_LIFE <= len(life) < len(looks):
                found[f"{name}, life {number}"] = life
    return found


def _series(looks: Sequence[Process]) -> Iterator[tuple[str, list[float]]]:
    yield "rss_mib", [look.rss_mib for look in looks]
    yield "files", [look.files for look in looks]
