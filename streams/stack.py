"""The embedded stack: broker, ClickHouse and workers as processes of their own, watched and restarted."""

import asyncio
import fcntl
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from schemas.faults import Fault
from sinks.clickhouse.client import WRITER_SETTINGS, opened
from sinks.clickhouse.migrate import migrate
from sinks.embedded.process import EmbeddedClickHouse
from streams.clickhouse import writer_address
from streams.embedded_broker import EmbeddedBroker
from streams.home import forget_address, make_home, read_address
from streams.recount_run import recount_history
from streams.settings import Settings

_log = logging.getLogger(__name__)

_WORKER_READY: Final = 180.0
"""Seconds: it takes five; a machine that does many other things takes its time."""

_WORKER_STOP: Final = 30.0
"""Seconds: the worker itself stops within twenty."""

_LONGEST_PAUSE: Final = 30.0
"""Seconds before a process that keeps ending is started again."""

_LAST_WORDS: Final = 10_000
"""Bytes at the end of a log that its last line is looked for in: after a month it has half a gigabyte."""

_CLAIM: Final = "up.json"
"""File of a home, locked by the process that runs skillpulse there, whose number stands in it."""

_RECOUNT_TOLD: Final = 10.0
"""Seconds between words on how far a recount is."""


class StackFailed(Fault):
    """A part of the embedded stack did not start; the message says where its log is."""


class Stopped(Exception):
    """The stack was asked to stop before it was ready."""


class Part:
    """One `skillpulse <command>` of the stack, logging to `home/logs/<name>.log`."""

    def __init__(self, settings: Settings, command: str, name: str) -> None:
        self._home = settings.home
        self._command = command
        self.name = name
        self.log = settings.home / "logs" / f"{self.name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id while it runs."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it; returns at once."""
        forget_address(self._home, self.name)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable,
            "-m",
            "streams",
            self._command,
            "--home",
            str(self._home),
            "--name",
            self.name,
        ]
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)

    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def wait_ready(self) -> None:
        """Wait until it says where it answers. Raises StackFailed with its last words."""
        deadline = time.monotonic() + _WORKER_READY
        while time.monotonic() < deadline:
            if not self.running():
                raise StackFailed(
                    f"{self.name} ended: {self.last_words()} (all of it: {os.path.relpath(self.log)})"
                )
            with suppress(Fault):
                read_address(self._home, self.name)
                return
            time.sleep(0.05)
        raise StackFailed(
            f"{self.name} is not ready after {_WORKER_READY:g} s: see {os.path.relpath(self.log)}"
        )

    def last_words(self) -> str:
        """The last line of its log."""
        lines: list[str] = []
        if self.log.exists():
            with self.log.open("rb") as log:
                log.seek(max(0, self.log.stat().st_size - _LAST_WORDS))
                lines = log.read().decode(errors="replace").split("\n")
        return next((line for line in reversed(lines) if line.strip()), "it said nothing")

    def stop(self) -> None:
        """End it in order, by force where that takes too long; safe to call twice."""
        forget_address(self._home, self.name)
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            self._process.terminate()
        try:
            self._process.wait(_WORKER_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


class WorkerProcess(Part):
    """One worker: ready when it counts."""

    def __init__(self, settings: Settings, number: int) -> None:
        super().__init__(settings, "worker", f"worker-{number}")


class Stack:
    """What `skillpulse up` runs. A server named in the settings is used in place of the embedded engine.

    `stopping` may be set while it starts: where that takes long, it ends then.
    """

    def __init__(
        self,
        settings: Settings,
        workers: int = 1,
        say: Callable[[str], None] = lambda _: None,
        *,
        board: bool = False,
        stopping: threading.Event | None = None,
    ) -> None:
        self.settings = settings
        self._say = say
        self._stopping = stopping or threading.Event()
        self._broker = None if settings.broker else EmbeddedBroker(settings.home, settings.broker_port)
        self._clickhouse = (
            None if settings.clickhouse else EmbeddedClickHouse(settings.home, settings.clickhouse_port)
        )
        self.workers = [WorkerProcess(settings, number) for number in range(1, workers + 1)]
        self._board = Part(settings, "board", "board") if board else None

    def start(self) -> None:
        """Start all parts in order and wait until posts are counted. What was started is stopped on failure.

        Raises StackFailed; Stopped if it was asked to stop during a recount.
        """
        claim(self.settings.home)
        try:
            if self._clickhouse:
                self._clickhouse.start()
            if self._broker:
                self._broker.start()
                self._say(
                    f"broker      {self._broker.bootstrap_servers} (embedded: topics live as long as it runs)"
                )
            if self._clickhouse:
                self._clickhouse.wait_ready()
                self._say(
                    f"clickhouse  {self._clickhouse.endpoint.url} (embedded: data in {self.settings.home})"
                )
            with opened(
                writer_address(self.settings)._replace(database="default"), **WRITER_SETTINGS
            ) as client:
                migrate(client, self.settings.database, self.settings.clickhouse_cluster)
            self._recount()
            for part in self._parts():
                part.start()
            for worker in self.workers:
                worker.wait_ready()
                self._say(f"worker      {worker.name}, log {os.path.relpath(worker.log)}")
            if self._board:
                self._board.wait_ready()
                self._say(f"board       {self.board_url()}")
        except BaseException:
            self.stop()
            raise

    def _recount(self) -> None:
        """Count the posts anew if the taxonomy changed; may be stopped, the next start goes on from there."""
        tell_at = time.monotonic() + _RECOUNT_TOLD

        def show(posts: int, total: int) -> None:
            nonlocal tell_at
            if self._stopping.is_set():
                self._say("stopping: the next start goes on with the recount")
                raise Stopped
            if time.monotonic() >= tell_at:
                tell_at += _RECOUNT_TOLD
                self._say(f"taxonomy    changed: {posts:,} of {total:,} posts counted anew")

        recounted = asyncio.run(recount_history(self.settings, show))
        if recounted.former:
            self._say(f"taxonomy    changed: {recounted.posts:,} posts counted anew as {recounted.version}")

    def stop(self) -> None:
        """Stop all parts, workers first, so that nothing they hold is written to a database that is gone."""
        if self._board:
            self._board.stop()
        for worker in self.workers:
            worker.stop()
        if self._clickhouse:
            self._clickhouse.stop()
        if self._broker:
            self._broker.stop()

    def watch(self, wait: Callable[[float], bool]) -> None:
        """Restart what ends until `wait(seconds)` says that it is time to stop."""
        pause = 1.0
        while not wait(pause):
            ended = self._restart()
            pause = min(2 * pause, _LONGEST_PAUSE) if ended else 1.0

    def _restart(self) -> bool:
        ended = False
        if self._clickhouse and not self._clickhouse.running():
            self._say("clickhouse ended: starting it again")
            self._clickhouse.start()
            self._clickhouse.wait_ready()
            ended = True
        if self._broker and not self._broker.running():
            self._say(
                "the embedded broker ended: starting it again; what was not read is lost, send it again"
            )
            self._broker.start()
            ended = True
        for part in self._parts():
            if not part.running():
                self._say(f"{part.name} ended ({part.last_words()}): starting it again")
                part.start()
                ended = True
        return ended

    def _parts(self) -> list[Part]:
        return [*self.workers, *([self._board] if self._board else [])]

    def board_url(self) -> str:
        """Where the board is. Raises NotRunning."""
        said = read_address(self.settings.home, "board")
        return f"http://{said['host']}:{said['port']}"


@contextmanager
def running(stack: Stack) -> Iterator[Stack]:
    """The stack, started; stopped at the end whatever happens."""
    stack.start()
    try:
        yield stack
    finally:
        stack.stop()


def up_pid(home: Path) -> int | None:
    """Process id of the `skillpulse up` or `demo` that runs in `home`."""
    try:
        with (home / _CLAIM).open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read())
    except (OSError, ValueError):
        return None
    return None


def claim(home: Path) -> None:
    """Make this process the one that runs skillpulse in `home`, until it ends.

    A lock says so, which ends with the process however that ends: its number may be another's by then. Raises
    StackFailed if another process has it, NoHome if the folder cannot be used.
    """
    make_home(home)
    file = os.open(home / _CLAIM, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        pid = up_pid(home)
        if pid == os.getpid():
            return
        raise StackFailed(
            f"process {pid} runs skillpulse in {home} already: `skillpulse down` stops it"
        ) from None
    os.truncate(file, 0)
    os.write(file, str(os.getpid()).encode())
