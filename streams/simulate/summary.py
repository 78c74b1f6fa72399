"""What a simulation sent, as a person and a program read it."""

import time
from collections import Counter
from typing import Any

from streams.simulate.records import BAD, POST, REPEAT, SimulatedRecord


class Tally:
    """Counts records by kind."""

    def __init__(self) -> None:
        self._kinds: Counter[str] = Counter()
        self._bytes = 0
        self._began = time.monotonic()

    @property
    def posts(self) -> int:
        """Distinct posts so far."""
        return self._kinds[POST]

    def add(self, record: SimulatedRecord) -> None:
        """One more record sent."""
        self._kinds[record.kind] += 1
        self._bytes += len(record.value_bytes)

    def summary(self) -> dict[str, Any]:
        """Counts, mean size in bytes, duration in seconds and records a second."""
        records = sum(self._kinds.values())
        seconds = time.monotonic() - self._began
        return {
            "records": records,
            "posts": self._kinds[POST],
            "repeats": self._kinds[REPEAT],
            "bad": self._kinds[BAD],
            "mean_bytes": round(self._bytes / records) if records else 0,
            "seconds": round(seconds, 3),
            "records_per_second": round(records / seconds) if seconds else 0,
        }

    def line(self, what: str) -> str:
        """The summary in one sentence; `what` is its plural: posts, answers."""
        found = self.summary()
        return (
            f"{found['records']:,} records in {found['seconds']:.1f} s ({found['records_per_second']:,} a second):"
            f" {found['posts']:,} {what}, {found['repeats']:,} repeats, {found['bad']:,} bad ones"
        )
