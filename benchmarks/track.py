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

from benchmarks.contestant import Contestant, ContestantFailed, Process, processor_seconds
from benchmarks.course import Course
from benchmarks.peers.job import PANE_SECONDS
from benchmarks.truth import drift, posts_of, stored_counts, unread
from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect
from sinks.clickhouse.installation import CountingRules, register_rules, register_taxonomy
from sinks.clickhouse.migrate import migrate
from sinks.embedded.process import EmbeddedClickHouse
from streams.classify import load_classifier
from streams.dimensions import category_dimensions, skill_dimensions
from streams.embedded_broker import EmbeddedBroker
from streams.settings import Settings

_IDLE = 8.0
"""Seconds without anything new after which a contestant is taken to have finished, with whatever it has."""

_PATIENCE = 60.0
"""Seconds that a contestant may take until its first post is stored."""


class Finish(NamedTuple):
    """One contestant's run."""

    posts: int
    seconds: float
    start_up: float
    """Seconds from its start as a process until it holds the partitions."""
    processor: float
    """Processor seconds of its processes, start-up included."""
    clickhouse: float
    """Processor seconds of ClickHouse meanwhile."""
    broker: float
    """Processor seconds of the embedded broker meanwhile."""
    peak_mb: float
    """Largest memory of its processes together."""
    counted: int
    """Posts that its counts say."""
    drift: int
    """Sum of what its counts lack or have too much."""
    log: Path
    """What its first process wrote, as long as the track is there."""

    @property
    def rate(self) -> float:
        """Posts a second."""
        return self.posts / self.seconds


class Track:
    """The engines, and the races on them."""

    def __init__(self, folder: Path, partitions: int, broker: str = "") -> None:
        self.folder = folder
        self.clickhouse = EmbeddedClickHouse(folder)
        self._broker = None if broker else EmbeddedBroker(folder)
        self._external = broker
        self._partitions = partitions
        self._runs = 0

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

    def course(self, posts: int) -> Course:
        """A new topic with so many distinct posts."""
        course = Course(posts)
        course.fill(self.settings(course))
        return course

    def settings(self, course: Course, name: str = "skillpulse", **others: Any) -> Settings:
        """The settings of a worker with a group and a database of that name."""
        endpoint = self.clickhouse.endpoint
        ours: dict[str, Any] = {
            "home": self.folder,
            "broker": self._broker.bootstrap_servers if self._broker else self._external,
            "clickhouse": endpoint.url,
            "clickhouse_user": endpoint.user,
            "clickhouse_password": endpoint.password,
            "database": name,
            "group": name,
            "job_posts_topic": course.topic,
            "partitions": self._partitions,
        }
        return Settings(**(ours | others))

    def race(self, contestant: Contestant, course: Course, **others: Any) -> Finish:
        """Let it run from the start of the topic in a new database. Raises PeersMissing, ContestantFailed."""
        self._runs += 1
        settings = self.settings(course, f"run_{self._runs}", **others)
        start = contestant.command(settings, contestant)
        with self._database(settings) as client:
            engines = self._engine_seconds()
            started = time.time()
            processes = [
                Process(self.folder / "logs" / f"{settings.group}-{number}.log", start)
                for number in range(contestant.processes)
            ]
            try:
                finished = _wait_visible(client, course.posts, processes)
                for process in processes:
                    process.measure()
            finally:
                for process in processes:
                    process.stop()
            begun = min(process.begun() for process in processes)
            clickhouse, broker = self._engine_seconds()
            found, true = stored_counts(client), course.true_counts(contestant.classified)
            if contestant.own_reading:
                found, true = unread(found), unread(true)
            return Finish(
                course.posts,
                finished - begun,
                begun - started,
                sum(process.processor for process in processes),
                clickhouse - engines[0],
                broker - engines[1],
                sum(process.peak_mb for process in processes),
                posts_of(found),
                drift(found, true),
                processes[0].log,
            )

    def _engine_seconds(self) -> tuple[float, float]:
        broker = processor_seconds(self._broker.pid) if self._broker else 0.0
        return processor_seconds(self.clickhouse.pid), broker

    @contextmanager
    def _database(self, settings: Settings) -> Iterator[Client]:
        endpoint = self.clickhouse.endpoint
        address = Address(endpoint.url, endpoint.user, endpoint.password, "default")
        client = connect(address, **WRITER_SETTINGS)
        migrate(client, settings.database)
        client.database = settings.database
        classifier = load_classifier(settings.taxonomy)
        register_rules(client, CountingRules(PANE_SECONDS, list(settings.markets), settings.sightings_window))
        register_taxonomy(
            client, classifier.taxonomy_version, skill_dimensions(classifier), category_dimensions()
        )
        try:
            yield client
        finally:
            client.database = "default"
            client.command(f"DROP DATABASE {settings.database} SYNC")
            client.close()


def _wait_visible(client: Client, posts: int, processes: Sequence[Process]) -> float:
    """When the views showed the last change of the number of posts, in seconds since the epoch.

    Until all posts are stored only their number is asked for, which costs nothing; then the view is read.
    """
    stored, visible = -1, -1
    changed, deadline = time.time(), time.time() + _PATIENCE
    while time.time() < deadline:
        for process in processes:
            process.require_running()
        if stored < posts:
            count = client.query("SELECT count() FROM job_posts").result_rows[0][0]
            if count != stored:
                stored, deadline = count, time.time() + (_IDLE if count else _PATIENCE)
            if stored < posts:
                time.sleep(0.1)
                continue
        count = client.query("SELECT sum(posts) FROM category_panes").result_rows[0][0]
        if count != visible:
            visible, changed, deadline = count, time.time(), time.time() + _IDLE
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
