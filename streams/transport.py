"""A Faust transport that hands over batches: consecutive records of one partition as one message.

Faust spends most of its time a message on work per message (a task, a callback, settings look-ups). A batch
costs that once. Use it by the broker URL `batch://host:9092` and the scheduler setting:

    faust.App(
        ...,
        broker="batch://127.0.0.1:9092",
        ConsumerScheduler=partial(BatchScheduler, topics={"job-posts"}, batch_records=5_000),
    )

Offsets of one partition, batches of at most 3 records, `|` marks a commit:

    log        0 1 2 3 4 5 6 7
    messages   [0 1 2] [3 4 5] [6 7]        a message's offset is the LAST of its batch: 2, 5, 7
    acked      2                -> commit 3   Faust fills the gap between two messages
    acked      2, 7             -> commit 3   5 is not acknowledged: nothing passes it
    acked      2, 5, 7          -> commit 8

Other topics are handed over record by record, as Faust does.
"""

from collections.abc import Iterator, Mapping, Set
from typing import Any, cast

from aiokafka import ConsumerRecord
from faust.transport.drivers import aiokafka as driver
from faust.transport.utils import DefaultSchedulingStrategy
from faust.types import TP
from faust.types.tuples import ConsumerMessage

Records = list[ConsumerRecord]


class BatchScheduler(DefaultSchedulingStrategy):
    """The order in which fetched records are handed out: as lists for `topics`, singly for the others."""

    def __init__(self, topics: Set[str], batch_records: int) -> None:
        self.topics = topics
        self.batch_records = batch_records

    def iterate(self, records: Mapping[TP, Records]) -> Iterator[tuple[TP, Any]]:
        """Yield `(partition, records)` for batched topics, then `(partition, record)` for the others."""
        single = {}
        for tp, fetched in records.items():
            if tp.topic not in self.topics:
                single[tp] = fetched
                continue
            for start in range(0, len(fetched), self.batch_records):
                yield tp, fetched[start : start + self.batch_records]
        yield from super().iterate(single)


class Consumer(driver.Consumer):
    """A consumer whose messages may be batches."""

    def _to_message(self, tp: TP, record: ConsumerRecord | Records) -> ConsumerMessage:
        """The Faust message of a record, or of a list: then its value is the list, its offset the last."""
        if not isinstance(record, list):
            return super()._to_message(tp, record)
        message = super()._to_message(tp, record[-1])
        message.key, message.value, message.headers = None, cast(Any, record), None
        return message

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Count the offsets from `offset_from` to before the message's own as nothing to wait for.

        Faust 0.15.3 passes the message's own offset as `offset_to` and counts it in: commits could then pass
        a message that was not acknowledged.
        """
        await super()._add_gap(tp, offset_from, offset_to - 1)


class Transport(driver.Transport):
    """The transport of `batch://` URLs: Kafka by aiokafka, with batches."""

    Consumer = cast(Any, Consumer)  # Faust declares the attribute by its interface type
