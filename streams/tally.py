"""What became of a batch."""

from typing import NamedTuple

from streams.batch import Batch
from streams.partition import Placed, Sifted


class Tally(NamedTuple):
    """A batch with its outcome; `classify_ms` is the time to decode, sight and classify it."""

    batch: Batch
    sifted: Sifted
    placed: list[Placed]
    classify_ms: float
