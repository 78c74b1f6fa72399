"""Where the workers stand in a topic, as the broker says it."""

from typing import Any, NamedTuple

from confluent_kafka import Consumer, KafkaException, TopicPartition

_ANSWER = 5.0
"""Seconds that the broker has for an answer; without one it counts as away."""


class Position(NamedTuple):
    """Of one partition: the next offset to read, and the end of the log."""

    committed: int
    end: int


class Positions:
    """A client that never joins the group; kept open, so that a look costs no connection."""

    def __init__(self, options: dict[str, Any], group: str, topic: str) -> None:
        quick = {"reconnect.backoff.max.ms": 500, "topic.metadata.refresh.fast.interval.ms": 100}
        self._consumer = Consumer(options | quick | {"group.id": group, "log_level": 0})
        self._topic = topic

    def read(self) -> dict[int, Position]:
        """Each partition's; empty while the broker does not say."""
        try:
            known = self._consumer.list_topics(self._topic, timeout=_ANSWER).topics[self._topic].partitions
            committed = self._consumer.committed(
                [TopicPartition(self._topic, partition) for partition in known], timeout=_ANSWER
            )
            return {
                at.partition: Position(
                    max(0, at.offset), self._consumer.get_watermark_offsets(at, timeout=_ANSWER)[1]
                )
                for at in committed
            }
        except KafkaException:  # the broker is away just now
            return {}

    def close(self) -> None:
        """End the client."""
        self._consumer.close()
