"""One run's installation: topics, group and database of its own, workers, and what was sent to them."""

import threading
import time
from collections.abc import Callable, Iterable

from clickhouse_connect.driver.client import Client
from confluent_kafka import Consumer, KafkaException, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from schemas.faults import Fault
from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect
from sinks.clickhouse.migrate import migrate
from streams.kafka import librdkafka_options
from streams.settings import Settings
from streams.topics import Topics, consumer_group
from tests.faults.engines import Engines
from tests.faults.naive import Naive
from tests.faults.posts import Event
from tests.faults.processes import Worker, environment_of

_QUIET = {"log_level": 0}
_PRODUCER = {
    "enable.idempotence": True,
    "linger.ms": 5,
    "message.timeout.ms": 120_000,
    "message.max.bytes": 2_000_000,  # the broker is to decide what is too large
}
_PARTITIONS = 4
_SESSION_SECONDS = 6.0


class Unfinished(Exception):
    """The workers did not come to an end in time; a run reports it and goes on to the verdict."""


class Site:
    """A place to break things: `workers` processes count what `send` and `feed` produce."""

    def __init__(self, engines: Engines, name: str, workers: int, cached_counts: int = 2_000) -> None:
        self.engines = engines
        self.naive = Naive()
        self.sent = 0
        self.folder = engines.folder / name
        self.folder.mkdir(parents=True)
        endpoint = engines.clickhouse.endpoint
        embedded = engines.tansu is not None
        self.settings = Settings(
            home=engines.folder,
            broker="" if embedded else engines.bootstrap_servers,
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
            replication_factor=min(3, len(engines.kafka.nodes)) if engines.kafka else 1,
            session_seconds=_SESSION_SECONDS,
            cached_counts=cached_counts,
            dead_letter_pause=0.5,
            log_level="WARNING",
        )
        with self.client("default") as client:
            migrate(client, self.settings.database)
        self.topics = Topics(self.settings)
        self.topics.ensure(self._all_topics())
        self.workers = [self._worker(number) for number in range(workers)]

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
        failed: list[object] = []

        def confirmed(error: object, _: Message) -> None:
            if error:
                failed.append(error)

        producer = Producer(
            librdkafka_options(self.settings)
            | _QUIET
            | {
                "enable.idempotence": True,
                "linger.ms": 5,
                "message.timeout.ms": 120_000,
                "message.max.bytes": 2_000_000,
            }
        )
        for event in events:
            timestamp = {"timestamp": event.timestamp} if event.timestamp else {}
            producer.produce(
                self.settings.job_posts_topic, event.value, event.key, on_delivery=confirmed, **timestamp
            )
            producer.poll(0)
        assert producer.flush(120) == 0, "the broker did not take all posts"
        assert not failed, failed[:3]
        self.sent += len(events)

    def feed(self, events: Iterable[Event], a_second: int) -> "Feed":
        """Produce in the background at a rate."""
        return Feed(self, list(events), a_second)

    def committed(self) -> int:
        """Records of the topic that the group has acknowledged; -1 while the broker does not say."""
        numbers = self.offsets()
        return sum(committed for committed, _ in numbers.values()) if numbers else -1

    def drained(self) -> bool:
        """Whether all that was sent is acknowledged."""
        numbers = self.offsets()
        return bool(numbers) and all(committed >= end for committed, end in numbers.values())

    def wait(self, true: Callable[[], bool], seconds: float, what: str) -> float:
        """Wait, starting workers again that end; returns the seconds it took."""
        started = time.monotonic()
        while not true():
            if time.monotonic() - started > seconds:
                words = "\n".join(worker.words() for worker in self.workers if worker.running)
                raise Unfinished(f"{what} not within {seconds:.0f} s; committed {self.offsets()}\n{words}")
            for worker in self.workers:
                worker.supervise()
            time.sleep(0.2)
        return time.monotonic() - started

    def dead_letters_in_topic(self) -> set[tuple[int, int]]:
        """Source positions (partition, offset) of the records in the topic of dead letters."""
        topic = self.settings.dead_letters_topic
        consumer = Consumer(
            librdkafka_options(self.settings)
            | _QUIET
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
        with self.client("default") as client:
            client.command(f"DROP DATABASE IF EXISTS {self.settings.database}")
        admin = AdminClient(librdkafka_options(self.settings) | _QUIET)
        for deleted in admin.delete_topics(list(self._all_topics())).values():
            deleted.exception(30)

    def _all_topics(self) -> tuple[str, ...]:
        settings = self.settings
        return *settings.event_topics, settings.dead_letters_topic, settings.signals_topic

    def group(self) -> str:
        """The workers' consumer group."""
        return consumer_group(self.settings, *map(self.topics.source, self.settings.event_topics))

    def offsets(self) -> dict[int, tuple[int, int]]:
        """Committed offset and end of each partition; empty while the broker does not say."""
        try:
            group = {"group.id": self.group()}
            consumer = Consumer(librdkafka_options(self.settings) | _QUIET | group)
            try:
                topic = self.settings.job_posts_topic
                partitions = [
                    TopicPartition(topic, part.id) for part in self.topics.describe(topic).partitions
                ]
                return {
                    at.partition: (max(0, at.offset), consumer.get_watermark_offsets(at, timeout=5)[1])
                    for at in consumer.committed(partitions, timeout=5)
                }
            finally:
                consumer.close()
        except (KafkaException, Fault):  # the broker is away just now
            return {}

    def _worker(self, number: int) -> Worker:
        return Worker(environment_of(self.settings), self.folder / f"worker-{number}.log")


class Feed:
    """A producer in the background."""

    def __init__(self, site: Site, events: list[Event], a_second: int) -> None:
        self._site = site
        self._events = events
        self._a_second = a_second
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def join(self) -> None:
        """Wait until all is sent. Raises what went wrong."""
        self._thread.join()
        if self._fault is not None:
            raise self._fault

    def _run(self) -> None:
        step = max(1, self._a_second // 4)
        try:
            for at in range(0, len(self._events), step):
                started = time.monotonic()
                self._site.send(self._events[at : at + step])
                time.sleep(max(0.0, 0.25 - (time.monotonic() - started)))
        except BaseException as fault:
            self._fault = fault
