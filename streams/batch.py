"""A batch: consecutive records of one partition, which knows its source and offsets."""

from collections.abc import Sequence
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

    @property
    def first_offset(self) -> int:
        """Offset of the first record."""
        return self.records[0].offset

    @property
    def last_offset(self) -> int:
        """Offset of the last record."""
        return self.records[-1].offset
