"""Where contestants race: one broker, one ClickHouse, a topic full of posts, and a clock.

Every contestant is a process (or several) with a consumer group and a database of its own. The time runs from the
moment when it holds the partitions until the last count is visible by query.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from clickhouse_connect.driver.client import Client

from benchmarks.peers.environment import peers_python
from benchmarks.peers.job import PANE_SECONDS, Job
from benchmarks.truth import Count, drift, posts_of, stored_counts, true_counts, unread
from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect
from sinks.clickhouse.installation import CountingRules, register_rules, register_taxonomy
from sinks.clickhouse.migrate import migrate
from sinks.embedded.process import EmbeddedClickHouse
from streams.classify import load_classifier
from streams.dimensions import category_dimensions, skill_dimensions
from streams.embedded_broker import EmbeddedBroker
from streams.sender import Sender
from streams.settings import Settings
from streams.simulate import generate, load_scenario
from streams.simulate.mishaps import Mishaps
from streams.topics import Topics

ANCHOR = date(2025, 12, 1)
_IDLE = 8.0
"""Seconds without anything new after which a contestant is taken to have finished, with whatever it has."""

_PATIENCE = 60.0
"""Seconds that a contestant may take until its first post is stored."""

_BEGINS = (
    re.compile(rb"reading begins at (\d+\.\d+)"),
    re.compile(
        rb"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) INFO aiokafka\S* Setting newly assigned partitions {Topic"
    ),
)
"""What peers say, and what aiokafka logs in a worker of skillpulse."""


class Finish(NamedTuple):
    """One contestant's run."""

    posts: int
    seconds: float
    start_up: float
    """Seconds from its start as a process until it holds the partitions."""
    processor: float
    """Processor seconds of its processes, start-up included."""
    peak_mb: float
    """Largest memory of its processes together."""
    counted: int
    """Posts that its counts say."""
    drift: int
    """Sum of what its counts lack or have too much."""

    @property
    def rate(self) -> float:
        """Posts a second."""
        return self.posts / self.seconds


class Course:
    """A topic full of posts: two months of the scenario, 5 % of them sent twice, 5 % late, none broken."""

    def __init__(self, posts: int) -> None:
        self.posts = posts
        self.topic = f"job-posts-{posts}"
        self._values: list[bytes] = []
        self._true: dict[bool, Counter[Count]] = {}

    def fill(self, settings: Settings) -> None:
        """Make the topic and send everything."""
        Topics(settings).ensure((self.topic,))
        with Sender(settings, self.topic) as sender:
            for record in generate(
                load_scenario("november"), self.posts, 1, ANCHOR, mishaps=Mishaps(bad=0.0)
            ):
                sender.send(record.key, record.value_bytes)
                self._values.append(record.value_bytes)

    @property
    def records(self) -> int:
        """Records in the topic, repeats included."""
        return len(self._values)

    def true_counts(self, classified: bool) -> Counter[Count]:
        """What every contestant should have counted."""
        if classified not in self._true:
            self._true[classified] = true_counts(self._values, classified)
        return self._true[classified]


class Track:
    """The engines, and the races on them."""

    def __init__(self, folder: Path, partitions: int, broker: str = "") -> None:
        self.folder = folder
        self._clickhouse = EmbeddedClickHouse(folder)
        self._broker = None if broker else EmbeddedBroker(folder)
        self._partitions = partitions
        self._external = broker
        self._runs = 0

    def start(self) -> None:
        """Start the engines."""
        self._clickhouse.start()
        if self._broker:
            self._broker.start()
        self._clickhouse.wait_ready()

    def course(self, posts: int) -> Course:
        """A new topic with so many distinct posts."""
        course = Course(posts)
        course.fill(self.settings(course, ""))
        return course

    def stop(self) -> None:
        """Stop the engines."""
        self._clickhouse.stop()
        if self._broker:
            self._broker.stop()

    @property
    def bootstrap_servers(self) -> str:
        """Where the broker is."""
        return self._broker.bootstrap_servers if self._broker else self._external

    def settings(self, course: Course, name: str) -> Settings:
        """The settings of a worker of skillpulse."""
        endpoint = self._clickhouse.endpoint
        return Settings(
            home=self.folder,
            broker=self.bootstrap_servers,
            clickhouse=endpoint.url,
            clickhouse_user=endpoint.user,
            clickhouse_password=endpoint.password,
            database=name or "skillpulse",
            group=name or "skillpulse",
            job_posts_topic=course.topic,
            partitions=self._partitions,
        )

    def job(self, course: Course, name: str, classified: bool) -> Job:
        """The same for a peer."""
        endpoint = self._clickhouse.endpoint
        return Job(
            self.bootstrap_servers,
            course.topic,
            self._partitions,
            name,
            endpoint.url,
            endpoint.user,
            endpoint.password,
            name,
            classified,
        )

    def race(self, contestant: "Contestant", course: Course) -> Finish:
        """Let it run from the start of the topic in a new database. Raises PeersMissing."""
        self._runs += 1
        name = f"run_{self._runs}"
        with self._database(name) as client:
            arguments, environment = contestant.command(self, course, contestant, name)
            started = time.time()
            processes = [
                _Process(self.folder / "logs" / f"{name}-{number}.log", arguments, environment)
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
            found, true = stored_counts(client), course.true_counts(contestant.classified)
            if contestant.own_reading:
                found, true = unread(found), unread(true)
            return Finish(
                course.posts,
                finished - begun,
                begun - started,
                sum(process.processor for process in processes),
                sum(process.peak_mb for process in processes),
                posts_of(found),
                drift(found, true),
            )

    @contextmanager
    def _database(self, name: str) -> Iterator[Client]:
        endpoint = self._clickhouse.endpoint
        address = Address(endpoint.url, endpoint.user, endpoint.password, "default")
        client = connect(address, **WRITER_SETTINGS)
        migrate(client, name)
        client.database = name
        classifier = load_classifier()
        register_rules(client, CountingRules(PANE_SECONDS, ["US"], Settings().sightings_window))
        register_taxonomy(
            client, classifier.taxonomy_version, skill_dimensions(classifier), category_dimensions()
        )
        try:
            yield client
        finally:
            client.database = "default"
            client.command(f"DROP DATABASE {name} SYNC")
            client.close()


class Contestant(NamedTuple):
    """One way to do the job."""

    name: str
    command: "Command"
    processes: int = 1
    classified: bool = True
    own_reading: bool = False
    """Whether it reads posts in its own way, so that only posts can be compared, not what they ask for."""


Command = Callable[[Track, Course, Contestant, str], tuple[Sequence[str], dict[str, str]]]
"""(track, course, contestant, database and group) -> a command line, and what is added to its environment."""


def worker(*module: str) -> Command:
    """A worker of skillpulse, told everything by its environment."""

    def command(
        track: Track, course: Course, _: Contestant, name: str
    ) -> tuple[Sequence[str], dict[str, str]]:
        said = track.settings(course, name)
        secret = {"clickhouse_password": said.clickhouse_password.get_secret_value()}
        values = said.model_dump(exclude_unset=True) | secret
        environment = {f"SKILLPULSE_{key.upper()}": str(value) for key, value in values.items()}
        return (sys.executable, "-m", *module), environment

    return command


def peer(module: str, own_environment: bool = False) -> Command:
    """A process of `benchmarks/peers`, told everything on its command line. Raises PeersMissing when used."""

    def command(
        track: Track, course: Course, contestant: Contestant, name: str
    ) -> tuple[Sequence[str], dict[str, str]]:
        job = json.dumps(track.job(course, name, contestant.classified)._asdict())
        python = peers_python() if own_environment else sys.executable
        return (python, "-m", f"benchmarks.peers.{module}", job), {}

    return command


class _Process:
    """A contestant's process, with what the kernel says of it."""

    def __init__(self, log: Path, arguments: Sequence[str], environment: dict[str, str]) -> None:
        self.log = log
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                arguments, stdout=out, stderr=out, env=os.environ | environment, start_new_session=True
            )
        self.processor = self.peak_mb = 0.0

    def running(self) -> bool:
        return self._process.poll() is None

    def measure(self) -> None:
        """Read processor time and peak memory; call it while the process runs. Linux only, else they stay 0."""
        with suppress(OSError):
            status = Path(f"/proc/{self._process.pid}/status").read_text()
            self.peak_mb = int(status.split("VmHWM:")[1].split()[0]) / 1024
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
            self.processor = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def begun(self) -> float:
        """When it held the partitions, in seconds since the epoch."""
        text = self.log.read_bytes()
        for pattern in _BEGINS:
            if found := pattern.search(text):
                said = found[1].decode()
                return float(said) if "-" not in said else datetime.fromisoformat(said).timestamp()
        raise RuntimeError(f"nothing in {self.log} says when reading began: {self.last_words()}")

    def last_words(self) -> str:
        lines = self.log.read_text(errors="replace").split("\n")
        return next((line for line in reversed(lines) if line.strip()), "it said nothing")

    def stop(self) -> None:
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _wait_visible(client: Client, posts: int, processes: Sequence[_Process]) -> float:
    """When the views showed the last change of the number of posts, in seconds since the epoch.

    Until all posts are stored only their number is asked for, which costs nothing; then the view is read.
    """
    stored, visible = -1, -1
    changed, deadline = time.time(), time.time() + _PATIENCE
    while time.time() < deadline:
        for process in processes:
            if not process.running():
                raise RuntimeError(f"a contestant ended: {process.last_words()} (all of it: {process.log})")
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
        raise RuntimeError(f"only {stored:,} of {posts:,} posts were stored: see {processes[0].log}")
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
