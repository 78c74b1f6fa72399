"""Where the workers stand in a topic, and how they are sent back to read it again. What is read again counts once."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import OffsetSpec

from schemas.faults import Fault
from streams.kafka import BrokerUnavailable
from streams.kafka_admin import Admin
from streams.settings import Settings
from streams.topics import Topics, consumer_group

_HAS_MEMBERS: Final = ("UNKNOWN_MEMBER_ID", "NON_EMPTY_GROUP", "REBALANCE_IN_PROGRESS")
"""What brokers say when the positions of a group that has members are to be moved."""


class WorkersRunning(Fault):
    """The broker lets nobody move the positions of a group while it has members: stop the workers first."""


class Position(NamedTuple):
    """One partition: the first offset that the topic holds, the one to read next, the end."""

    first: int
    next: int
    end: int


class Positions:
    """The group of workers and its positions. All methods block for up to some seconds."""

    def __init__(self, settings: Settings) -> None:
        self._topics = Topics(settings)
        self._admin = Admin(settings)
        self.sources = {topic: self._topics.source(topic) for topic in settings.event_topics}
        self.group = consumer_group(settings, *self.sources.values())

    def of(self, topic: str) -> dict[int, Position]:
        """Where the group stands, by partition; where it has committed nothing, at the first offset."""
        partitions = self._partitions(topic)
        ends = self._list(partitions, OffsetSpec.latest())
        firsts = self._list(partitions, OffsetSpec.earliest())
        committed = self._committed(partitions)
        nexts = {number: max(first, committed.get(number, -1)) for number, first in firsts.items()}
        return {
            # the embedded broker says the first offset of the last batch, plus one: what was committed knows better
            number: Position(firsts[number], nexts[number], max(ends[number], nexts[number]))
            for number in ends
        }

    def move(self, topic: str, to: Mapping[int, int]) -> None:
        """Let the workers go on at these offsets. Raises WorkersRunning."""
        places = [TopicPartition(topic, number, offset) for number, offset in to.items()]
        asked = [ConsumerGroupTopicPartitions(self.group, places)]
        [told] = self._wait(self._admin.client.alter_consumer_group_offsets(asked))
        if any(at.error and at.error.name() in _HAS_MEMBERS for at in told.topic_partitions):
            raise WorkersRunning(f"workers of group {self.group} are running: stop them first")
        if self._committed(places) != dict(to):  # the embedded broker says yes and does nothing
            raise BrokerUnavailable(f"the broker did not move the positions of group {self.group}")

    def _partitions(self, topic: str) -> list[TopicPartition]:
        return [TopicPartition(topic, part.id) for part in self._topics.describe(topic).partitions]

    def _committed(self, partitions: list[TopicPartition]) -> dict[int, int]:
        asked = [TopicPartition(at.topic, at.partition) for at in partitions]
        told = self._wait(
            self._admin.client.list_consumer_group_offsets([ConsumerGroupTopicPartitions(self.group, asked)])
        )
        return {at.partition: at.offset for group in told for at in group.topic_partitions}

    def _list(self, partitions: list[TopicPartition], spec: OffsetSpec) -> dict[int, int]:
        told = self._wait(self._admin.client.list_offsets(dict.fromkeys(partitions, spec)))
        return {at.partition: offset.offset for at, offset in zip(partitions, told, strict=True)}

    def _wait(self, futures: Mapping[Any, Any]) -> list[Any]:
        try:
            return [self._admin.result(future) for future in futures.values()]
        except KafkaException as error:
            raise self._admin.unavailable(error) from error
