"""Whether a topic is still the one that it was when the worker started."""

import asyncio

from sinks.retry import Retry, SinkUnavailable
from streams.kafka import BrokerUnavailable
from streams.topics import TopicFault, Topics


class Incarnation:
    """One topic as it was met at the start: `source` is its name then."""

    def __init__(self, topics: Topics, topic: str, retry: Retry) -> None:
        self._topics = topics
        self._retry = retry
        self.topic = topic
        self.source = topics.source(topic)

    async def confirm(self) -> None:
        """Return when the broker says that the topic is the same; wait for the broker. Raises TopicFault."""
        await self._retry(self.check, f"looking at the topic {self.topic}")

    async def check(self) -> None:
        """Look once. Raises TopicFault if the topic was made anew, SinkUnavailable without an answer."""
        try:
            source = await asyncio.to_thread(self._topics.source, self.topic)
        except BrokerUnavailable as fault:
            raise SinkUnavailable(str(fault)) from fault
        if source != self.source:
            raise TopicFault(
                f"topic {self.topic} was deleted and made anew ({self.source} is now {source}):"
                " start the worker again to read the new one from its start"
            )
