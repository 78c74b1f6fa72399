"""Sends events to a topic and knows at the end that the broker has them all."""

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final

from confluent_kafka import KafkaException, Message, Producer

from schemas.faults import Fault
from streams.kafka import BrokerUnavailable, librdkafka_options
from streams.kafka_admin import QUIET_LOG
from streams.settings import Settings

_QUEUE: Final = 50_000
"""Records that wait for the broker at most: 60 MB of posts of 1.2 kB, a second or two of sending."""

_POLL_EVERY: Final = 0.05
"""Seconds between two looks at the broker's answers: seldom enough to cost nothing, and a slow pipe hears of a loss."""

_GIVE_UP: Final = 30.0
"""Seconds without the broker's answer after which a record is given up: a new leader is elected within ten."""


class RecordTooLarge(Fault):
    """One record is larger than the producer or the broker allows; the caller counts it as not sent."""


class Sender:
    """A producer of one topic, as a context: leaving it waits until all is confirmed.

    acks=all and idempotent, so a retry of the client neither loses nor doubles a record; the partition follows
    from the key as with Kafka's own clients, so repeats meet their post whoever sends them. The record's time is
    the moment of sending. Memory is bounded by the queue: `send` blocks while the broker is behind.
    """

    def __init__(self, settings: Settings, topic: str) -> None:
        self.confirmed = 0
        self.ends: dict[int, int] = {}
        """Partition -> offset after the last record that was confirmed there."""
        self._topic = topic
        self._failure: Any = None
        self._polled = time.monotonic()
        self._producer = Producer(
            librdkafka_options(settings)
            | {
                "acks": "all",
                "enable.idempotence": True,
                "compression.type": "lz4",
                "linger.ms": 20,
                "partitioner": "murmur2_random",
                "queue.buffering.max.messages": _QUEUE,
                "queue.buffering.max.kbytes": 131_072,
                "message.timeout.ms": int(_GIVE_UP * 1_000),
            },
            logger=QUIET_LOG,
        )

    def __enter__(self) -> "Sender":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, BrokerUnavailable):  # what was queued before any other fault is still sent
            self.flush()

    def send(self, key: bytes, value: bytes, headers: Sequence[tuple[str, bytes]] = ()) -> None:
        """Queue one record. Raises BrokerUnavailable if an earlier one was lost, RecordTooLarge for this one."""
        if time.monotonic() - self._polled >= _POLL_EVERY:
            self._producer.poll(0)
            self._polled = time.monotonic()
        while True:
            self._check()
            try:
                self._producer.produce(
                    self._topic, value, key, headers=list(headers), on_delivery=self._delivered
                )
                return
            except BufferError:
                self._producer.poll(0.1)
            except KafkaException as error:
                if error.args[0].name() == "MSG_SIZE_TOO_LARGE":
                    raise RecordTooLarge(f"{len(value):,} bytes are more than a record may have") from error
                raise self._unavailable(error.args[0]) from error

    def flush(self) -> None:
        """Wait until the broker has confirmed everything. Raises BrokerUnavailable if it does not."""
        left = self._producer.flush(_GIVE_UP + 5)
        self._check()
        if left:
            raise BrokerUnavailable(f"the broker did not confirm the last {left:,} records; send them again")

    def _delivered(self, error: Any, message: Message) -> None:
        if error is None:
            self.confirmed += 1
            partition, offset = message.partition(), message.offset()
            if partition is not None and offset is not None:
                self.ends[partition] = max(self.ends.get(partition, 0), offset + 1)
        elif self._failure is None:
            self._failure = error

    def _check(self) -> None:
        if self._failure is not None:
            raise self._unavailable(self._failure)

    def _unavailable(self, error: Any) -> BrokerUnavailable:
        return BrokerUnavailable(
            f"topic {self._topic} did not take a record ({error.str()}); {self.confirmed:,} are confirmed:"
            " check the broker and send again, what arrived twice is counted once"
        )
