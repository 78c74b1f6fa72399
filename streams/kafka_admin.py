"""Librdkafka's admin client, whose failures say why. Used where aiokafka does not speak the request."""

import logging
import re
import time
from collections.abc import Mapping
from concurrent.futures import TimeoutError as Waiting
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient

from streams.kafka import BrokerUnavailable, librdkafka_options
from streams.settings import Settings

TIMEOUT: Final = 15.0
"""Seconds; a broker that is up answers within one, a new controller is elected within ten."""

_PATIENCE: Final = 1.0
"""Seconds for the controller to answer before another one is asked for; it answers within hundredths."""

_LOOK: Final = 1.0
"""Seconds between looks at the reason why no answer comes."""

_REFUSED: Final = ("_AUTHENTICATION", "_SSL")
"""Reasons that time does not mend: there is no point in waiting for the answer."""

_SILENT: Final = ("_TRANSPORT", "_TIMED_OUT")
"""What librdkafka says where it got no answer; a broker that wants TLS gives a client without it none."""

_WRAPPING: Final = re.compile(r"^\S+://\S+: | \(after \d+ms in state \w+.*\)$")

QUIET_LOG: Final = logging.getLogger("librdkafka")
QUIET_LOG.setLevel(logging.CRITICAL)  # its retries are noise: a failure comes back as an exception


class Admin:
    """One admin client. Its methods block for up to 15 s and raise BrokerUnavailable, or KafkaException of the topic.

    Librdkafka connects in the background and keeps the reason of a failure to itself, unless it is asked.
    """

    def __init__(self, settings: Settings) -> None:
        options = librdkafka_options(settings)
        self._servers = options["bootstrap.servers"]
        self._reason: KafkaError | None = None
        self._silent = False
        try:
            self.client = AdminClient(options | {"error_cb": self._note}, logger=QUIET_LOG)
        except KafkaException as error:  # a certificate that is none
            raise self.unavailable(error) from error

    def topics(self) -> Mapping[str, Any]:
        """All topics by name."""
        deadline, self._reason = time.monotonic() + TIMEOUT, None
        while True:
            try:
                topics: Mapping[str, Any] = self.client.list_topics(timeout=_LOOK).topics
                return topics
            except KafkaException as error:
                if self._hopeless() or time.monotonic() > deadline:
                    raise self.unavailable(error) from error

    def describe(self, topic: str) -> Any:
        """A topic's `topic_id` and `partitions`.

        Librdkafka asks the controller, by what the last metadata said, and has two threads wake each other without a
        pause for as long as it is away: a core is gone, and with it what all others need to recover. Any live broker
        may be named as the controller, so the metadata are asked for anew soon, from whichever broker answers.
        """
        deadline = time.monotonic() + TIMEOUT
        while True:
            if self._silent:
                self.topics()
                self._silent = False
            try:
                return self.result(
                    self.client.describe_topics(TopicCollection([topic]), request_timeout=_PATIENCE)[topic]
                )
            except KafkaException as error:
                self._silent = error.args[0].name() in _SILENT
                if not self._silent or time.monotonic() > deadline:
                    raise

    def result(self, future: Any) -> Any:
        """What a request came to."""
        deadline, self._reason = time.monotonic() + TIMEOUT, None
        while True:
            try:
                return future.result(_LOOK)
            except Waiting as error:
                if self._hopeless() or time.monotonic() > deadline:
                    raise self.unavailable(KafkaException(KafkaError(KafkaError._TIMED_OUT))) from error

    def unavailable(self, error: KafkaException) -> BrokerUnavailable:
        """The fault that says why."""
        reason = self._reason or error.args[0]
        words = _WRAPPING.sub("", reason.str())
        if self._reason is None and reason.name() in _SILENT:
            words = "it does not answer, or ends the connection; is it up, and is the security protocol the right one?"
        return BrokerUnavailable(
            f"the broker at {self._servers} does not serve us: {words};"
            " check SKILLPULSE_BROKER and the SKILLPULSE_KAFKA_... settings"
        )

    def _hopeless(self) -> bool:
        self.client.poll(0)
        return self._reason is not None and self._reason.name() in _REFUSED

    def _note(self, error: KafkaError) -> None:
        if error.name() != "_ALL_BROKERS_DOWN":  # says nothing of why
            self._reason = error
