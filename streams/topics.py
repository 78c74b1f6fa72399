"""The topics: made with the right partitions, and told apart from earlier ones of the same name."""

import logging
from collections.abc import Mapping
from typing import Any

from confluent_kafka import KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient, NewTopic

from schemas.faults import Fault
from streams.kafka import BrokerUnavailable, librdkafka_options
from streams.settings import Settings

_TIMEOUT = 15.0  # seconds; a broker that is up answers within one, a new controller is elected within ten
QUIET_LOG = logging.getLogger("librdkafka")
QUIET_LOG.setLevel(logging.CRITICAL)  # its retries are noise: a failure comes back as an exception


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
        self._admin = AdminClient(librdkafka_options(settings), logger=QUIET_LOG)

    def ensure(self, names: tuple[str, ...]) -> None:
        """Make the topics that are missing. Raises BrokerUnavailable."""
        wanted = [
            NewTopic(
                name,
                num_partitions=self._settings.partitions,
                replication_factor=self._settings.replication_factor,
                config={"retention.ms": str(self._settings.retention_hours * 3_600_000)},
            )
            for name in names
            if name not in self._existing()
        ]
        for future in (
            self._admin.create_topics(wanted, request_timeout=_TIMEOUT) if wanted else {}
        ).values():
            try:
                future.result(_TIMEOUT)
            except KafkaException as error:
                if error.args[0].name() != "TOPIC_ALREADY_EXISTS":
                    raise self._unavailable(error) from error

    def source(self, name: str) -> str:
        """The incarnation of topic `name`, `name@topic-id`: a topic deleted and made anew has another."""
        return f"{name}@{self.describe(name).topic_id}"

    def describe(self, name: str) -> Any:
        """The topic's `topic_id` and `partitions`. Raises BrokerUnavailable, TopicFault."""
        try:
            future = self._admin.describe_topics(TopicCollection([name]), request_timeout=_TIMEOUT)[name]
            return future.result(_TIMEOUT)
        except KafkaException as error:
            if error.args[0].name() == "UNKNOWN_TOPIC_OR_PART":
                raise TopicFault(f"topic {name} is not there: `skillpulse worker` makes it") from error
            raise self._unavailable(error) from error

    def _existing(self) -> Mapping[str, Any]:
        try:
            topics: Mapping[str, Any] = self._admin.list_topics(timeout=_TIMEOUT).topics
            return topics
        except KafkaException as error:
            raise self._unavailable(error) from error

    def _unavailable(self, error: KafkaException) -> BrokerUnavailable:
        return BrokerUnavailable(
            f"the broker at {librdkafka_options(self._settings)['bootstrap.servers']} does not serve us:"
            f" {error.args[0].str()}; check SKILLPULSE_BROKER and the SKILLPULSE_KAFKA_... settings"
        )
