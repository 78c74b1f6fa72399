"""What became of the rows: counts, and examples of what was wrong. Memory does not grow with the rows."""

import time
from collections import Counter
from typing import Any, Final, NamedTuple

from streams.ingest.row import UNREADABLE

EXAMPLES: Final = 3
"""Examples kept of each reason: enough to see the pattern, few enough for a screen."""

_LONGEST_DETAIL: Final = 200


class Example(NamedTuple):
    """One bad row: where it stands and what is wrong with it."""

    place: str
    detail: str


class Report:
    """Counts rows as they pass."""

    def __init__(self) -> None:
        self.rows = 0
        self.posts = 0
        self.sent = 0
        self.bytes = 0
        self.bad: Counter[str] = Counter()
        self.examples: dict[str, list[Example]] = {}
        self._began = time.monotonic()

    @property
    def unreadable(self) -> int:
        """Rows that hold no fields."""
        return self.bad[UNREADABLE]

    @property
    def rejected(self) -> int:
        """Rows with fields that are no valid post."""
        return self.bad.total() - self.unreadable

    def add_bad(self, file: str, number: int, reason: str, detail: str) -> None:
        """A bad row at `file:number`."""
        self.bad[reason] += 1
        examples = self.examples.setdefault(reason, [])
        if len(examples) < EXAMPLES:
            line = " ".join(detail.split())
            examples.append(Example(f"{file}:{number}", line[:_LONGEST_DETAIL]))

    def summary(self) -> dict[str, Any]:
        """Counts, duration in seconds and rows a second, for a program."""
        seconds = time.monotonic() - self._began
        return {
            "rows": self.rows,
            "posts": self.posts,
            "sent": self.sent,
            "rejected": self.rejected,
            "unreadable": self.unreadable,
            "reasons": dict(self.bad.most_common()),
            "bytes": self.bytes,
            "seconds": round(seconds, 3),
            "rows_per_second": round(self.rows / seconds) if seconds else 0,
        }
