"""The topics: made with the right partitions, and told apart from earlier ones of the same name."""

import time
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import NewTopic

from schemas.faults import Fault
from streams.kafka_admin import TIMEOUT, Admin
from streams.settings import Settings


def consumer_group(settings: Settings, *sources: str) -> str:
    """The workers' consumer group: one for each incarnation of the topics that they read.

    Offsets that were committed in a topic say nothing of one that was made anew under its name; a worker that has
    not noticed yet may still commit some. If one of the topics is made anew, the others are read again from their
    start: what is replayed changes nothing.
    """
    topic_ids = [source.rpartition("@")[2].translate(_URL_SAFE) for source in sources]
    return "-".join((settings.group, *topic_ids))


_URL_SAFE = str.maketrans("+/", "-_", "=")
"""Topic ids come in either alphabet of base64; Faust makes a folder of the group's name."""


class TopicFault(Fault):
    """A topic is not as skillpulse needs it, and only a person can decide what to do."""


class Topics:
    """The topics of one installation, seen through librdkafka's admin client.

    Librdkafka is used here, and only here, because aiokafka does not speak the version of the metadata
    request that carries the topic's id. All methods block for up to 15 s; call them in a thread.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._admin = Admin(settings)

    def ensure(self, names: tuple[str, ...]) -> None:
        """Make the topics that are missing; when it returns, they are seen. Raises BrokerUnavailable, TopicFault."""
        there = self._admin.topics()
        wanted = [
            NewTopic(
                name,
                num_partitions=self._settings.partitions,
                replication_factor=self._settings.replication_factor,
                config={"retention.ms": str(self._settings.retention_hours * 3_600_000)},
            )
            for name in names
            if name not in there
        ]
        made = self._admin.client.create_topics(wanted, request_timeout=TIMEOUT) if wanted else {}
        for future in made.values():
            try:
                self._admin.result(future)
            except KafkaException as error:
                if error.args[0].name() != "TOPIC_ALREADY_EXISTS":
                    raise self._admin.unavailable(error) from error
        for name in made:
            self._await(name)

    def _await(self, name: str) -> None:
        """Wait until a topic that was made is seen: a broker hears of it a moment after it is made."""
        deadline = time.monotonic() + TIMEOUT
        while True:
            try:
                self.describe(name)
                return
            except TopicFault:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def source(self, name: str) -> str:
        """The incarnation of topic `name`, `name@topic-id`: a topic deleted and made anew has another."""
        return f"{name}@{self.describe(name).topic_id}"

    def describe(self, name: str) -> Any:
        """The topic's `topic_id` and `partitions`. Raises BrokerUnavailable, TopicFault."""
        try:
            return self._admin.describe(name)
        except KafkaException as error:
            if error.args[0].name() == "UNKNOWN_TOPIC_OR_PART":
                raise TopicFault(f"topic {name} is not there: `skillpulse worker` makes it") from error
            raise self._admin.unavailable(error) from error
