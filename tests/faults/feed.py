"""Producers of a run's posts: at once, or in the background at a rate."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from confluent_kafka import KafkaError, Message, Producer

from tests.faults.posts import Event

_PATIENCE = 300.0
"""Seconds in which the broker has to take a record: faults that last longer are none that this load is for."""

_PRODUCER = {
    "enable.idempotence": True,
    "linger.ms": 5,
    "message.timeout.ms": int(_PATIENCE * 1e3),
    "message.max.bytes": 2_000_000,  # the broker is to decide what is too large
    "reconnect.backoff.max.ms": 500,
    "log_level": 0,
}


class Sender:
    """Sends to one topic; `send` returns when the broker has all.

    `ends`: for each partition the offset after the last record that the broker took.
    """

    def __init__(self, options: dict[str, Any], topic: str) -> None:
        self._producer = Producer(options | _PRODUCER)
        self._topic = topic
        self._refused: list[KafkaError] = []
        self.ends: dict[int, int] = {}

    def send(self, events: Iterable[Event]) -> None:
        """Produce and wait."""
        for event in events:
            timestamp = {"timestamp": event.timestamp} if event.timestamp else {}
            self._producer.produce(
                self._topic, event.value, event.key, on_delivery=self._confirmed, **timestamp
            )
            self._producer.poll(0)
        assert self._producer.flush(_PATIENCE) == 0, "the broker did not take all posts"
        assert not self._refused, self._refused[:3]

    def _confirmed(self, error: KafkaError | None, message: Message) -> None:
        if error:
            self._refused.append(error)
        else:
            self.ends[message.partition()] = max(self.ends.get(message.partition(), 0), message.offset() + 1)


class Feed:
    """Sends `share` at a rate, then goes on slowly with `more` until `finish`: a fault never meets silence."""

    _STEP = 0.25  # seconds
    _SLOWLY = 40  # events a second

    def __init__(
        self, send: Callable[[Iterable[Event]], None], share: list[Event], more: Iterator[Event], rate: int
    ) -> None:
        self._send = send
        self._share = share
        self._more = more
        self._rate = rate
        self._finish = threading.Event()
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Send the rest of the share, nothing more, and wait. Raises what went wrong."""
        self._finish.set()
        self._thread.join()
        if self._fault is not None:
            raise self._fault

    def _run(self) -> None:
        step = max(1, int(self._rate * self._STEP))
        try:
            for at in range(0, len(self._share), step):
                self._paced(self._share[at : at + step])
            while not self._finish.is_set():
                self._paced(list(islice(self._more, int(self._SLOWLY * self._STEP))))
        except BaseException as fault:
            self._fault = fault

    def _paced(self, events: list[Event]) -> None:
        started = time.monotonic()
        self._send(events)
        time.sleep(max(0.0, self._STEP - (time.monotonic() - started)))
