"""What the pipeline needs of its store. ClickHouse is one (`sinks/clickhouse/store.py`)."""

from collections.abc import Sequence
from typing import Protocol

from sinks.rows import BatchRow, Changes, StoredCount, StoredSightings


class Store(Protocol):
    """The only durable state. Every method retries in place while the store is away.

    They raise SinkUnavailable when it stays away, SinkRefused when it says that we are wrong: both end the
    worker without an acknowledgement, so that nothing is lost.
    """

    async def sightings(self, source: str, partition: int, before: int, window: int) -> StoredSightings:
        """First sightings of a partition with `before - window <= offset < before`.

        At the head of a new incarnation of the topic, also those of the earlier ones, the last at offset -1, the one
        before it at -2 ...
        """

    async def stored_until(self, source: str, partition: int) -> int | None:
        """Start of the latest pane that holds a count of this partition, None if there is none."""

    async def counts(self, source: str, partition: int, panes: Sequence[int]) -> Sequence[StoredCount]:
        """The counts of this partition in `panes`."""

    async def save(self, changes: Changes) -> None:
        """Make durable: dead letters, then posts, then counts. Saving the same again changes nothing."""

    async def log(self, batches: Sequence[BatchRow]) -> None:
        """Append to the log of batches."""
