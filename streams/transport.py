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
    acked      2                -> commit 3
    acked      2, 7             -> commit 3   5 is not acknowledged: nothing passes it
    acked      2, 5, 7          -> commit 8   streams/ledger.py

Other topics are handed over record by record, as Faust does.
"""

from collections.abc import Iterator, Mapping, Set
from typing import Any, Final, cast

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from faust.transport.drivers import aiokafka as driver
from faust.transport.utils import DefaultSchedulingStrategy
from faust.types import TP
from faust.types.tuples import ConsumerMessage, Message

from streams.ledger import Ledger

Records = list[ConsumerRecord]

_FETCH_WAIT_MS: Final = 200
"""Milliseconds that the broker holds a fetch while there is nothing: five requests a second when all is quiet."""


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


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread that fetches."""

    def _create_worker_consumer(self, transport: Any) -> AIOKafkaConsumer:
        """Faust's consumer, which would let the broker hold an empty fetch for 1.5 s.

        The embedded broker looks for new records only at the middle of that time, so they would be late by 0.75 s.
        """
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = _FETCH_WAIT_MS  # there is no setting of Faust's for it
        return consumer


class Consumer(driver.Consumer):
    """A consumer whose messages may be batches."""

    scheduler: BatchScheduler

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ledgers: dict[TP, Ledger] = {}

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    def _to_message(self, tp: TP, record: ConsumerRecord | Records) -> ConsumerMessage:
        """The Faust message of a record, or of a list: then its value is the list, its offset the last."""
        if not isinstance(record, list):
            return super()._to_message(tp, record)
        self._ledgers.setdefault(tp, Ledger()).hand_out(record[0].offset, record[-1].offset)
        message = super()._to_message(tp, record[-1])
        message.key, message.value, message.headers = None, cast(Any, record), None
        return message

    def ack(self, message: Message) -> bool:
        """Faust's acknowledgement, and ours."""
        if ledger := self._ledgers.get(message.tp):
            ledger.acknowledge(cast(Records, message.value)[0].offset, message.offset)
        return super().ack(message)

    @property
    def idle(self) -> bool:
        """Whether no batch waits for its acknowledgement, nor any fetched record behind it."""
        return all(ledger.settled for ledger in self._ledgers.values())

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """What comes after the next assignment is read from the commit on, and counted anew."""
        for tp in revoked:
            self._ledgers.pop(tp, None)
        await super().on_partitions_revoked(revoked)

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Nothing for batches: Faust takes the offsets inside of a batch for a gap."""
        if tp.topic not in self.scheduler.topics:
            await super()._add_gap(tp, offset_from, offset_to)

    def _new_offset(self, tp: TP) -> int | None:
        """The offset to commit; for batches the ledger knows, and Faust's lists are kept empty.

        Faust's would not do even while there is no ledger. A batch that waits for its place in the agent's queue
        gets there while the queue is cleared for a revoke: it outlives those before it, and is acknowledged after
        the next assignment. What lies before it was handed to nobody then, and must not be passed.
        """
        if tp.topic not in self.scheduler.topics:
            return super()._new_offset(tp)
        self._acked[tp].clear()
        self._acked_index[tp].clear()
        ledger = self._ledgers.get(tp)
        return ledger.committable() if ledger else None


class Transport(driver.Transport):
    """The transport of `batch://` URLs: Kafka by aiokafka, with batches."""

    Consumer = cast(Any, Consumer)  # Faust declares the attribute by its interface type
