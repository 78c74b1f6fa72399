"""Where contestants race: one broker, one ClickHouse, topics full of posts, and a clock.

Every contestant is a process (or several) with a consumer group and a database of its own. The time runs from the
moment when it holds the partitions until the last count is visible by query.
"""

import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple

from clickhouse_connect.driver.client import Client

from benchmarks.contestant import Contestant, ContestantFailed, Process, Start, processor_seconds
from benchmarks.course import Course
from benchmarks.truth import drift, posts_of, stored_counts, unread
from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect
from sinks.clickhouse.installation import CountingRules, register_rules, register_taxonomy
from sinks.clickhouse.migrate import migrate
from sinks.embedded.process import EmbeddedClickHouse
from streams.classify import load_classifier
from streams.dimensions import category_dimensions, skill_dimensions
from streams.embedded_broker import EmbeddedBroker
from streams.settings import Settings

_IDLE = 90.0
"""Seconds without anything stored after which a contestant has failed: a round takes two, on a busy machine twenty."""

_SETTLED = 5.0
"""Seconds without a change after which counts of too many posts are final."""

_PATIENCE = 60.0
"""Seconds that a contestant may take until its first post is stored."""


class Run(NamedTuple):
    """What it took to count the posts of a topic."""

    posts: int
    seconds: float
    start_up: float
    """Seconds from the start of the processes until one holds partitions."""
    processor: float
    """Processor seconds of the processes, start-up included."""
    clickhouse: float
    """Processor seconds of ClickHouse meanwhile."""
    broker: float
    """Processor seconds of the embedded broker meanwhile."""
    peak_mb: float
    """Largest memory of the processes together."""
    log: Path
    """What the first process wrote, as long as the track is there."""
    memory: Sequence[tuple[float, float]]
    """Memory of the processes together in MB, by seconds since reading began."""

    @property
    def rate(self) -> float:
        """Posts a second."""
        return self.posts / self.seconds


class Finish(NamedTuple):
    """A contestant's run, and how right its counts are."""

    run: Run
    counted: int
    """Posts that the counts say."""
    drift: int
    """Sum of what the counts lack or have too much."""


class Track:
    """The engines, and the races on them."""

    def __init__(self, folder: Path, partitions: int, broker: str = "") -> None:
        self.folder = folder
        self.clickhouse = EmbeddedClickHouse(folder)
        self._broker = None if broker else EmbeddedBroker(folder)
        self._external = broker
        self._partitions = partitions
        self._runs = 0
        self._courses: dict[tuple[int, int], Course] = {}

    def start(self) -> None:
        """Start the engines."""
        self.clickhouse.start()
        if self._broker:
            self._broker.start()
        self.clickhouse.wait_ready()

    def stop(self) -> None:
        """Stop the engines."""
        self.clickhouse.stop()
        if self._broker:
            self._broker.stop()

    def restart_broker(self) -> None:
        """Stop and start the embedded broker, whose topics are gone by that."""
        assert self._broker is not None
        self._broker.stop()
        self._broker.start()

    def course(self, posts: int, partitions: int = 0) -> Course:
        """A topic with so many distinct posts, in so many partitions or as many as the track has by default."""
        partitions = partitions or self._partitions
        if (posts, partitions) not in self._courses:
            course = self._courses[posts, partitions] = Course(posts, partitions)
            course.fill(self.settings(course.topic, partitions=partitions))
        return self._courses[posts, partitions]

    def next_name(self) -> str:
        """A name for a group and a database that nobody has used."""
        self._runs += 1
        return f"run_{self._runs}"

    def settings(self, topic: str, name: str = "skillpulse", **others: Any) -> Settings:
        """The settings of a worker with a group and a database of that name."""
        endpoint = self.clickhouse.endpoint
        ours: dict[str, Any] = {
            "home": self.folder,
            "broker": self._external,  # empty: the embedded broker of the home
            "clickhouse": endpoint.url,
            "clickhouse_user": endpoint.user,
            "clickhouse_password": endpoint.password,
            "clickhouse_reader": endpoint.user,
            "clickhouse_reader_password": endpoint.password,
            "database": name,
            "group": name,
            "job_posts_topic": topic,
            "partitions": self._partitions,
        }
        return Settings(**(ours | others))

    def race(self, contestant: Contestant, course: Course, **others: Any) -> Finish:
        """Let it count a course in a new database. Raises PeersMissing, ContestantFailed."""
        settings = self.settings(course.topic, self.next_name(), **others)
        with self.database(settings) as client:
            run = self.count(contestant, settings, client, course.posts)
            found, true = stored_counts(client), course.true_counts(contestant.classified)
        if contestant.own_reading:
            found, true = unread(found), unread(true)
        return Finish(run, posts_of(found), drift(found, true))

    def count(self, contestant: Contestant, settings: Settings, client: Client, posts: int) -> Run:
        """Let it count the topic of the settings from its start until so many posts are visible."""
        start = contestant.command(settings, contestant)
        engines, started = self._engine_seconds(), time.time()
        with self.processes(settings.group, start, contestant.processes) as processes:
            memory: list[tuple[float, float]] = []
            processes[0].wait_begun(_IDLE)  # by then it has made its own tables, if it has any
            finished = _wait_visible(client, posts, processes, memory)
            for process in processes:
                process.measure()
        begun = min(process.begun() for process in processes)
        clickhouse, broker = self._engine_seconds()
        return Run(
            posts,
            finished - begun,
            begun - started,
            sum(process.processor for process in processes),
            clickhouse - engines[0],
            broker - engines[1],
            sum(process.peak_mb for process in processes),
            processes[0].log,
            [(at - begun, megabytes) for at, megabytes in memory if at >= begun],
        )

    @contextmanager
    def processes(self, name: str, start: Start, number: int = 1) -> Iterator[list[Process]]:
        """So many processes that log under `name`, stopped at the end."""
        started: list[Process] = []
        try:
            for at in range(number):
                started.append(Process(self.folder / "logs" / f"{name}-{at}.log", start))
            yield started
        finally:
            for process in started:
                process.stop()

    def _engine_seconds(self) -> tuple[float, float]:
        broker = processor_seconds(self._broker.pid) if self._broker else 0.0
        return processor_seconds(self.clickhouse.pid), broker

    @contextmanager
    def database(self, settings: Settings) -> Iterator[Client]:
        """The database that the settings name, made new with its taxonomy registered, dropped at the end."""
        endpoint = self.clickhouse.endpoint
        address = Address(endpoint.url, endpoint.user, endpoint.password, "default")
        client = connect(address, **WRITER_SETTINGS)
        migrate(client, settings.database)
        client.database = settings.database
        classifier = load_classifier(settings.taxonomy)
        register_rules(
            client, CountingRules(settings.pane_seconds, list(settings.markets), settings.sightings_window)
        )
        register_taxonomy(
            client, classifier.taxonomy_version, skill_dimensions(classifier), category_dimensions()
        )
        try:
            yield client
        finally:
            client.database = "default"
            client.command(f"DROP DATABASE {settings.database} SYNC")
            client.close()


def _wait_visible(
    client: Client, posts: int, processes: Sequence[Process], memory: list[tuple[float, float]]
) -> float:
    """When the views showed the last change of the number of posts, in seconds since the epoch.

    Until all posts are stored only their number is asked for, which costs nothing; then the view is read.
    Meanwhile (moment, megabytes) is added to `memory`.
    """
    stored, visible = -1, -1
    changed, deadline = time.time(), time.time() + _PATIENCE
    while time.time() < deadline:
        for process in processes:
            process.require_running()
        memory.append((time.time(), sum(process.memory_mb() for process in processes)))
        if stored < posts:
            count = client.query("SELECT count() FROM job_posts").result_rows[0][0]  # what is replayed, twice
            if count != stored:
                stored, deadline = count, time.time() + (_IDLE if count else _PATIENCE)
            if stored < posts:
                time.sleep(0.1)
                continue
        count = client.query("SELECT sum(posts) FROM category_panes").result_rows[0][0]
        if count != visible:
            visible, changed = count, time.time()
            deadline = changed + (_IDLE if visible < posts else _SETTLED)
        if visible == posts:
            return changed
        time.sleep(0.02)
    if visible < 0:
        raise ContestantFailed(f"only {stored:,} of {posts:,} posts were stored: see {processes[0].log}")
    return changed


@contextmanager
def running(partitions: int, broker: str = "") -> Iterator[Track]:
    """A track in a folder of its own, gone at the end; kept where something failed, for its logs."""
    folder = Path(mkdtemp(prefix="skillpulse-bench-"))
    track = Track(folder, partitions, broker)
    try:
        track.start()
        yield track
    except BaseException:
        track.stop()
        print(f"see the logs in {folder / 'logs'}", file=sys.stderr)
        raise
    track.stop()
    shutil.rmtree(folder)
