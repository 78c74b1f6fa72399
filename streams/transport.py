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

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Set
from contextlib import aclosing
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fetched_under: object = None
        """The assignment of the records that were fetched last."""
        self._left: dict[TP, tuple[int, int]] = {}
        """First and last offset of what was fetched then and is not handed out yet."""

    def _create_worker_consumer(self, transport: Any) -> AIOKafkaConsumer:
        """Faust's consumer, with two settings that it has no names for.

        It would let the broker hold an empty fetch for 1.5 s. The embedded broker looks for new records only at the
        middle of that time, so they would be late by 0.75 s. And it would read what was sent in a transaction and
        taken back.
        """
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = _FETCH_WAIT_MS
        consumer._isolation_level = "read_committed"
        return consumer

    def highwater(self, tp: TP) -> int:
        """Where what may be read ends, by the last fetch: before the first open transaction. 0 before any."""
        return self._ensure_consumer().last_stable_offset(tp) or 0

    async def _fetch_records(self, consumer: AIOKafkaConsumer, *args: Any, **kwargs: Any) -> Any:
        """The records, and whose they are. What of the last fetch was handed to nobody is read again first.

        Faust drops what it fetched while its flow was suspended, and seeks to the commits: a partition that has none
        yet would go on behind what was dropped. Nothing else runs in this thread where there is no await.
        """
        if self.fetched_under is self.held():
            for tp, (first, _) in self._left.items():
                consumer._fetcher.seek_to(tp, first)
        self._left = {}
        records = await super()._fetch_records(consumer, *args, **kwargs)
        self.fetched_under = self.held()
        self._left = {tp: (fetched[0].offset, fetched[-1].offset) for tp, fetched in records.items()}
        return records

    def handed_out(self, tp: TP, offset: int) -> None:
        """What was fetched of `tp` is with its agent up to `offset`."""
        last = self._left[tp][1]
        if offset < last:
            self._left[tp] = offset + 1, last
        else:
            del self._left[tp]

    def held(self) -> object:
        """The assignment that aiokafka holds now. Each join makes a new one, with positions from the commits on."""
        return self._ensure_consumer()._subscription.subscription.assignment


class _ReadOffsets(defaultdict[TP, int | None]):
    """Faust's memory of what was read last; of batched topics it has none, so that nothing read again is dropped."""

    def __init__(self, batched: Set[str]) -> None:
        super().__init__(lambda: None)
        self._batched = batched

    def __getitem__(self, tp: TP) -> int | None:
        return None if tp.topic in self._batched else super().__getitem__(tp)


class Consumer(driver.Consumer):
    """A consumer whose messages may be batches, which are handed out, taken and acknowledged in the order of the log.

    Around a rebalance Faust may deliver batches whose predecessors it dropped, which must not be counted:

    * it clears the queue of an agent at a revoke, but what is on its way there may come after that. It tells old from
      new by the group's generation, and a member whose join meets a group at rest keeps its generation;
    * its flow may be resumed by the recovery from one rebalance in the midst of the next;
    * it drops what lies before the offset that was read last, also if that was read under an earlier assignment.

    So nothing is handed out but under the assignment that it was fetched under, and nothing is counted but the next.
    """

    scheduler: BatchScheduler
    _thread: ConsumerThread

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ledgers: dict[TP, Ledger] = {}
        self._revoked: object = None
        self._read_offset = _ReadOffsets(self.scheduler.topics)

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:
        """Hand out what was fetched, as long as the assignment is held under which it was."""
        async with aclosing(cast(Any, super().getmany(timeout))) as messages:
            async for tp, message in messages:
                assignment = self._thread.fetched_under
                if assignment is self._revoked or assignment is not self._thread.held():
                    return
                if tp.topic in self.scheduler.topics:
                    self._ledgers.setdefault(tp, Ledger()).hand_out(_records(message))
                self._thread.handed_out(tp, message.offset)
                yield tp, message

    def _to_message(self, tp: TP, record: ConsumerRecord | Records) -> ConsumerMessage:
        """The Faust message of a record, or of a list: then its value is the list, its offset the last."""
        if not isinstance(record, list):
            return super()._to_message(tp, record)
        message = super()._to_message(tp, record[-1])
        message.key, message.value, message.headers = None, cast(Any, record), None
        return message

    def take(self, message: Message) -> int | None:
        """Where its partition goes on, if the batch is the next and so may be counted. Others are read again."""
        ledger = self._ledgers.get(message.tp)
        return ledger.take(_records(message)) if ledger else None

    def ack(self, message: Message) -> bool:
        """Faust's acknowledgement, and ours."""
        if ledger := self._ledgers.get(message.tp):
            ledger.acknowledge(_records(message))
        return super().ack(message)

    @property
    def idle(self) -> bool:
        """Whether no batch waits for its acknowledgement, nor any fetched record behind it."""
        return all(ledger.settled for ledger in self._ledgers.values())

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """What comes after the next assignment is read from the commit on, and counted anew."""
        self._revoked = self._thread.held()
        self._ledgers.clear()
        await super().on_partitions_revoked(revoked)

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Nothing: whether a worker moves is said by `streams/web.py`.

        Faust's look forgets at each rebalance when it saw the last event, takes the worker's start instead, and writes
        fifteen lines for each partition every few seconds while records wait.
        """

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Nothing for batches: Faust takes the offsets inside of a batch for a gap."""
        if tp.topic not in self.scheduler.topics:
            await super()._add_gap(tp, offset_from, offset_to)

    def _new_offset(self, tp: TP) -> int | None:
        """The offset to commit; for batches the ledger knows, and Faust's lists are kept empty.

        Faust's would not do even while there is no ledger: a batch that was counted before a revoke may be
        acknowledged after the next assignment, when what lies before it is not acknowledged yet.
        """
        if tp.topic not in self.scheduler.topics:
            return super()._new_offset(tp)
        self._acked[tp].clear()
        self._acked_index[tp].clear()
        ledger = self._ledgers.get(tp)
        return ledger.committable() if ledger else None


def _records(message: Message) -> Records:
    return cast(Records, message.value)


class Transport(driver.Transport):
    """The transport of `batch://` URLs: Kafka by aiokafka, with batches."""

    Consumer = cast(Any, Consumer)  # Faust declares the attribute by its interface type
