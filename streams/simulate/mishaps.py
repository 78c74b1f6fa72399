"""What goes wrong between a marketplace and the topic: repeats, late posts, broken records. Pure."""

import heapq
import math
from collections.abc import Iterator
from random import Random
from typing import Final, NamedTuple

from streams.simulate import bad
from streams.simulate.records import BAD, POST, REPEAT, SimulatedRecord

HOUR: Final = 3_600.0

LATE: Final = (HOUR, 240 * HOUR)
"""Shortest and longest delay of a late post in seconds: up to ten days, as when a crawler was down."""

EDITED_SHARE: Final = 0.2
"""Repeats whose text the client has changed since."""


class Mishaps(NamedTuple):
    """Share of distinct posts that are sent again, sent late, or accompanied by a broken record."""

    repeats: float = 0.05
    late: float = 0.05
    bad: float = 0.002


class Outbox:
    """Sends posts in order of time, with mishaps; what is due later waits in a heap."""

    def __init__(self, mishaps: Mishaps, longest_repeat: float, random: Random) -> None:
        self._mishaps = mishaps
        self._repeat = (5.0, longest_repeat)
        self._random = random
        self._waiting: list[tuple[float, int, SimulatedRecord]] = []
        self._number = 0

    def late_by(self) -> float:
        """Delay of the next post in seconds, 0 for most."""
        return self._log_uniform(*LATE) if self._random.random() < self._mishaps.late else 0.0

    def put(self, key: bytes, value: bytes, at: float) -> None:
        """A distinct post to be sent at `at`, with what follows from it."""
        random = self._random
        self._wait(SimulatedRecord(key, value, at, POST))
        if random.random() < self._mishaps.repeats:
            again = value
            if random.random() < EDITED_SHARE:
                again = value.replace(b'"description":"', b'"description":"[edited] ', 1)
            self._wait(SimulatedRecord(key, again, at + self._log_uniform(*self._repeat), REPEAT))
        if random.random() < self._mishaps.bad:
            self._wait(SimulatedRecord(b"bad-" + key, bad.broken(value, random), at, BAD))

    def due(self, until: float) -> Iterator[SimulatedRecord]:
        """Everything to be sent at or before `until`, in order."""
        while self._waiting and self._waiting[0][0] <= until:
            yield heapq.heappop(self._waiting)[2]

    def _wait(self, record: SimulatedRecord) -> None:
        self._number += 1  # breaks ties, so that a repeat never overtakes its post
        heapq.heappush(self._waiting, (record.at, self._number, record))

    def _log_uniform(self, least: float, most: float) -> float:
        return least * math.exp(self._random.random() * math.log(most / least))
