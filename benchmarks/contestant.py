"""Who races: commands that start workers of skillpulse or peers, and the processes that come of them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from pydantic import SecretStr

from benchmarks.peers.environment import peers_python
from benchmarks.peers.job import Job
from streams.kafka import bootstrap_servers
from streams.settings import Settings

_BEGINS = (
    re.compile(rb"reading begins at (\d+\.\d+)"),
    re.compile(
        rb"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) INFO aiokafka\S* Setting newly assigned partitions {Topic"
    ),
)
"""What peers say, and what aiokafka logs in a worker of skillpulse."""


class Contestant(NamedTuple):
    """One way to do the job."""

    name: str
    command: "Command"
    processes: int = 1
    classified: bool = True
    own_reading: bool = False
    """Whether it reads posts in its own way, so that only posts can be compared, not what they ask for."""


class Start(NamedTuple):
    """How a process is started: its command line, and what is added to its environment."""

    arguments: Sequence[str]
    environment: dict[str, str]


Command = Callable[[Settings, Contestant], Start]


def command_of(settings: Settings, *module: str) -> Start:
    """`python -m MODULE ...`, told these settings by its environment."""
    environment = {
        f"SKILLPULSE_{name.upper()}": str(value.get_secret_value() if isinstance(value, SecretStr) else value)
        for name, value in settings.model_dump(exclude_unset=True).items()
    }
    return Start((sys.executable, "-m", *module), environment)


def worker(*module: str) -> Command:
    """A worker of skillpulse."""
    return lambda settings, _: command_of(settings, *module)


def peer(module: str, own_environment: bool = False) -> Command:
    """A process of `benchmarks/peers`, told everything on its command line. Raises PeersMissing when used."""

    def command(settings: Settings, contestant: Contestant) -> Start:
        job = Job(
            bootstrap_servers(settings),
            settings.job_posts_topic,
            settings.partitions,
            settings.group,
            settings.clickhouse,
            settings.clickhouse_user,
            settings.clickhouse_password.get_secret_value(),
            settings.database,
            contestant.classified,
        )
        python = peers_python() if own_environment else sys.executable
        return Start((python, "-m", f"benchmarks.peers.{module}", json.dumps(job._asdict())), {})

    return command


class ContestantFailed(Exception):
    """A contestant ended or does nothing; the message says where its log is. The benchmark ends with it."""


class Process:
    """A contestant's process, with what the kernel says of it."""

    def __init__(self, log: Path, start: Start) -> None:
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                start.arguments,
                stdout=out,
                stderr=out,
                env=os.environ | start.environment,
                start_new_session=True,
            )
        self.processor = self.peak_mb = 0.0

    def require_running(self) -> None:
        """Raise ContestantFailed if it ended."""
        if not self.running():
            raise ContestantFailed(f"a contestant ended: {self.last_words()} (all of it: {self.log})")

    def measure(self) -> None:
        """Read processor time and peak memory; call it while the process runs."""
        self.processor = processor_seconds(self._process.pid)
        self.peak_mb = peak_mb(self._process.pid)

    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def wait_begun(self, seconds: float = 60.0) -> None:
        """Wait until it holds the partitions."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                self.begun()
                return
            except ContestantFailed:
                self.require_running()
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def memory_mb(self) -> float:
        """Its memory now."""
        return _status_mb(self._process.pid, "VmRSS:")

    def begun(self) -> float:
        """When it held the partitions, in seconds since the epoch. Raises ContestantFailed if it never did."""
        text = self.log.read_bytes()
        for pattern in _BEGINS:
            if found := pattern.search(text):
                said = found[1].decode()
                return float(said) if "-" not in said else datetime.fromisoformat(said).timestamp()
        raise ContestantFailed(f"nothing in {self.log} says when reading began: {self.last_words()}")

    def last_words(self) -> str:
        """The last line of its log."""
        lines = self.log.read_text(errors="replace").split("\n")
        return next((line for line in reversed(lines) if line.strip()), "it said nothing")

    def stop(self) -> None:
        """End it in order, by force where that takes too long."""
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def processor_seconds(pid: int) -> float:
    """Processor time of a process so far; 0 where the kernel is not Linux."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def peak_mb(pid: int) -> float:
    """The most memory that a process has had; 0 where the kernel is not Linux."""
    return _status_mb(pid, "VmHWM:")


def _status_mb(pid: int, field: str) -> float:
    with suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/status").read_text().split(field)[1].split()[0]) / 1024
    return 0.0
