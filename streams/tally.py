"""What became of a batch."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from streams.batch import Batch
from streams.partition import Rejected


class Outcome(Protocol):
    """What became of a batch of any topic, once it is durable."""

    @property
    def batch(self) -> Batch:
        """The batch."""

    @property
    def rejected(self) -> Sequence[Rejected]:
        """Its records that went to the dead letters."""


class Tally(NamedTuple):
    """A batch with its outcome, in numbers; `classify_ms` is the time to decode, sight and classify it."""

    batch: Batch
    rejected: Sequence[Rejected]
    posts: int
    repeats: int
    mentions: int
    ai_posts: int
    classify_ms: float
