"""A batch: consecutive records of one partition, which knows its source and offsets."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol


class Record(Protocol):
    """What the pipeline reads of a Kafka record; aiokafka's `ConsumerRecord` is one."""

    @property
    def offset(self) -> int:
        """Position in the partition."""

    @property
    def timestamp(self) -> int:
        """Milliseconds since the epoch; -1 where the log has none."""

    @property
    def key(self) -> bytes | None:
        """Key of the record."""

    @property
    def value(self) -> bytes | None:
        """Value of the record."""


class Batch(NamedTuple):
    """Records of one partition of one incarnation of the topic, in the order of their offsets; never empty."""

    source: str
    partition: int
    records: Sequence[Record]
    since: int | None = None
    """Offset behind the batch before it, if the log has no record between; None: of its first record."""

    @property
    def begins(self) -> int:
        """Offset at which the state must be that it changes: a transaction's marks may lie before its records."""
        return self.first_offset if self.since is None else self.since

    @property
    def first_offset(self) -> int:
        """Offset of the first record."""
        return self.records[0].offset

    @property
    def last_offset(self) -> int:
        """Offset of the last record."""
        return self.records[-1].offset


def contiguous(batches: Sequence[Batch]) -> Iterator[list[Batch]]:
    """Split where a batch of a partition does not begin at the end of the one before it.

    Its state must then be loaded, and what came before must be durable by then.
    """
    round_: list[Batch] = []
    ends: dict[tuple[str, int], int] = {}
    for batch in batches:
        key = batch.source, batch.partition
        if ends.get(key, batch.begins) != batch.begins:
            yield round_
            round_, ends = [], {}
        round_.append(batch)
        ends[key] = batch.last_offset + 1
    if round_:
        yield round_
