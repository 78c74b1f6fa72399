"""One run's installation: topics, group and database of its own, workers, and what was sent to them."""

import time
from collections.abc import Callable, Iterable, Iterator

from clickhouse_connect.driver.client import Client
from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect, disconnect
from sinks.clickhouse.migrate import migrate
from streams.kafka import librdkafka_options
from streams.settings import Settings
from streams.topics import Topics, consumer_group
from tests.faults.engines import Engines
from tests.faults.feed import Feed, Sender
from tests.faults.naive import Naive
from tests.faults.positions import Position, Positions
from tests.faults.posts import Event
from tests.faults.processes import Worker, environment_of
from tests.faults.proxy import Proxy

SESSION_SECONDS = 4.0
"""Session of the workers: as short as a busy machine allows, since runs wait for it."""

STALLED_SECONDS = 150.0
"""Without any progress for so long, a run has failed. As long as something moves it may take what it takes."""

_PARTITIONS = 4
_QUIET = {"log_level": 0}


class Unfinished(Exception):
    """What should have happened did not; a run reports it and goes on to the verdict."""


class Site:
    """A place to break things: `workers` processes count what `send` and `feed` produce.

    Workers reach Kafka through the proxies where `behind_proxy` says so.
    """

    def __init__(
        self,
        engines: Engines,
        name: str,
        workers: int,
        cached_counts: int = 2_000,
        behind_proxy: bool = False,
        environment: dict[str, str] | None = None,
        module: str = "streams",
    ) -> None:
        self.engines = engines
        self.naive = Naive()
        self.sent = 0
        self.folder = engines.folder / name
        self.folder.mkdir(parents=True)
        self._module = module
        self._environment = dict(environment or {})
        self.settings = _settings(engines, name, cached_counts)
        if behind_proxy:
            self._environment["SKILLPULSE_BROKER"] = engines.proxied_servers
        client = self.client("default")
        migrate(client, self.settings.database)
        disconnect(client)
        self.topics = Topics(self.settings)
        self.topics.ensure(self._all_topics())
        self.admin = AdminClient(self._kafka)
        self.meet_topics()
        self.workers = [self._worker(number) for number in range(workers)]

    def meet_topics(self) -> None:
        """Look at the topics as they are now: the group follows from them."""
        self.group = consumer_group(self.settings, *map(self.topics.source, self.settings.event_topics))
        self._positions = self.watch_positions()
        self.sender = Sender(self._kafka, self.settings.job_posts_topic)

    def watch_positions(self) -> Positions:
        """Another client that looks at the group's positions; to be closed by who asks."""
        return Positions(self._kafka, self.group, self.settings.job_posts_topic)

    def client(self, database: str = "") -> Client:
        """A client that does not go through the proxy."""
        endpoint = self.engines.clickhouse.endpoint
        return connect(
            Address(endpoint.url, endpoint.user, endpoint.password, database or self.settings.database),
            **WRITER_SETTINGS,
        )

    def add_worker(self) -> Worker:
        """One more, not started."""
        self.workers.append(self._worker(len(self.workers)))
        return self.workers[-1]

    def send(self, events: Iterable[Event], counted: bool = True) -> None:
        """Produce and wait for the broker; `counted` events are counted by the naive counter, too."""
        events = list(events)
        if counted:
            self.naive.count(events)
        self.sender.send(events)
        self.sent += len(events)

    def feed(self, share: list[Event], more: Iterator[Event], rate: int) -> Feed:
        """Produce in the background, see Feed."""
        return Feed(self.send, share, more, rate)

    def positions(self) -> dict[int, Position]:
        """Where the group stands in each partition; empty while the broker does not say.

        The embedded broker names the first offset of the last batch as the end; who sent it knows better.
        """
        sent = self.sender.ends
        return {
            partition: at._replace(end=max(at.end, sent.get(partition, 0)))
            for partition, at in self._positions.read().items()
        }

    def committed(self) -> int:
        """Records of the topic that the group has acknowledged; -1 while the broker does not say."""
        at = self.positions()
        return sum(position.committed for position in at.values()) if at else -1

    def lag(self) -> int:
        """Records that are not acknowledged; -1 while the broker does not say."""
        at = self.positions()
        return sum(max(0, one.end - one.committed) for one in at.values()) if at else -1

    def drained(self) -> bool:
        """Whether all that was sent is acknowledged."""
        return self.lag() == 0

    def ends(self) -> dict[int, int]:
        """The end of each partition's log; waits for the broker."""
        self.wait(lambda: bool(self.positions()), "the broker's answer")
        return {partition: position.end for partition, position in self.positions().items()}

    def reached(self, ends: dict[int, int]) -> bool:
        """Whether all before `ends` is acknowledged."""
        at = self.positions()
        return bool(at) and all(at[partition].committed >= end for partition, end in ends.items())

    def wait(self, true: Callable[[], bool], what: str) -> float:
        """Wait, starting workers again that end; the seconds it took. Raises Unfinished when nothing moves."""
        started = moved = time.monotonic()
        last = -1
        while not true():
            committed = self.committed()
            if committed != last:
                last, moved = committed, time.monotonic()
            if time.monotonic() - moved > STALLED_SECONDS:
                words = "\n".join(worker.words() for worker in self.workers if worker.running)
                raise Unfinished(
                    f"waited for {what}, nothing moved for {STALLED_SECONDS:.0f} s at {self.positions()}"
                    f"\n{words}"
                )
            for worker in self.workers:
                worker.supervise()
            time.sleep(0.1)
        return time.monotonic() - started

    def felt(self, *proxies: Proxy, times: int = 1) -> None:
        """Wait until connections met what the proxies do, so that no fault passes unnoticed."""
        before = sum(proxy.hits for proxy in proxies)
        self.wait(lambda: sum(proxy.hits for proxy in proxies) >= before + times, "the fault to be felt")

    @property
    def restarts(self) -> int:
        """How often workers ended by themselves and were started again."""
        return sum(worker.restarts for worker in self.workers)

    def forget_offsets(self) -> None:
        """Delete the group with its offsets, as soon as the workers, which must be stopped, are out of it."""
        self.wait(self._group_deleted, "the end of the workers' sessions")

    def _group_deleted(self) -> bool:
        try:
            self.admin.delete_consumer_groups([self.group])[self.group].result(60)
        except KafkaException as error:
            if error.args[0].name() != "NON_EMPTY_GROUP":
                raise
            return False
        return True

    def dead_letters_in_topic(self) -> set[tuple[int, int]]:
        """Source positions (partition, offset) of the records in the topic of dead letters."""
        topic = self.settings.dead_letters_topic
        consumer = Consumer(
            self._kafka
            | {"group.id": "reading", "auto.offset.reset": "earliest", "enable.partition.eof": True}
        )
        try:
            parts = [TopicPartition(topic, part.id, 0) for part in self.topics.describe(topic).partitions]
            consumer.assign(parts)
            found, open_ = set(), len(parts)
            while open_:
                message = consumer.poll(20)
                assert message is not None, "the topic of dead letters cannot be read to its end"
                if message.error():
                    assert message.error().name() == "_PARTITION_EOF", message.error()
                    open_ -= 1
                else:
                    headers = dict(message.headers())
                    found.add((int(headers["partition"]), int(headers["offset"])))
            return found
        finally:
            consumer.close()

    def close(self) -> None:
        """Stop the workers, drop what the run left."""
        for worker in self.workers:
            worker.kill()
        client = self.client("default")
        client.command(f"DROP DATABASE IF EXISTS {self.settings.database} SYNC")
        disconnect(client)
        self._positions.close()
        for deleted in self.admin.delete_topics(list(self._all_topics())).values():
            deleted.exception(30)

    @property
    def _kafka(self) -> dict[str, object]:
        return librdkafka_options(self.settings) | _QUIET

    def _all_topics(self) -> tuple[str, ...]:
        settings = self.settings
        return *settings.event_topics, settings.dead_letters_topic, settings.signals_topic

    def _worker(self, number: int) -> Worker:
        environment = environment_of(self.settings) | self._environment
        return Worker(environment, self.folder / f"worker-{number}.log", self._module)


def _settings(engines: Engines, name: str, cached_counts: int) -> Settings:
    endpoint = engines.clickhouse.endpoint
    return Settings(
        home=engines.folder,
        broker="" if engines.tansu else engines.bootstrap_servers,
        clickhouse=engines.proxy.url,
        clickhouse_user=endpoint.user,
        clickhouse_password=endpoint.password,
        clickhouse_reader=endpoint.user,
        clickhouse_reader_password=endpoint.password,
        database=f"run_{name.replace('-', '_')}",
        group=name,
        job_posts_topic=f"posts-{name}",
        dead_letters_topic=f"dead-{name}",
        survey_topic=f"survey-{name}",
        signals_topic=f"signals-{name}",
        partitions=_PARTITIONS,
        replication_factor=min(3, max(1, engines.needs.nodes)),
        session_seconds=SESSION_SECONDS,
        cached_counts=cached_counts,
        dead_letter_pause=0.5,
        log_level="WARNING",
    )
