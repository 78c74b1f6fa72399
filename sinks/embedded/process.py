"""Start and stop the embedded engine from another process."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from .home import CannotStart, Endpoint, Home

# A cold start reads 500 MB of engine from disk; measured 1.5 to 6 s on two cores.
START_SECONDS = 60.0
STOP_SECONDS = 25.0  # the process ends within twice Limits.stop_seconds of SIGTERM


class EmbeddedClickHouse:
    """The embedded engine as a child process.

    `start()` and `wait_ready()` raise CannotStart with one line that says why. A restart of the same object
    listens on the same port, so that clients find it again; its output goes to HOME/logs/clickhouse.log.
    """

    def __init__(self, home: Path, port: int = 0) -> None:
        self.home = home
        self.port = port
        self.log = home / "logs" / "clickhouse.log"
        self._place = Home(home)
        self._process: subprocess.Popen[bytes] | None = None
        self._endpoint: Endpoint | None = None

    @property
    def pid(self) -> int:
        """The process id; raises CannotStart when not started."""
        if self._process is None:
            raise CannotStart("the embedded engine is not started")
        return self._process.pid

    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def endpoint(self) -> Endpoint:
        """Address and credentials; only after wait_ready()."""
        if self._endpoint is None:
            raise CannotStart("the embedded engine is not ready")
        return self._endpoint

    @property
    def dsn(self) -> str:
        """The writer's address for clickhouse-connect: clickhouse://user:password@host:port/skillpulse."""
        return self.reader_dsn(self.endpoint.user, self.endpoint.password)

    def reader_dsn(self, user: str, password: str = "") -> str:
        """The address for another user."""
        return f"clickhouse://{quote(user)}:{quote(password)}@{self.endpoint.host}:{self.endpoint.port}/skillpulse"

    def start(self) -> None:
        """Start the process; returns at once."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "sinks.embedded", "--home", str(self.home), "--port", str(self.port)]
        with self.log.open("ab") as log:
            # A group of its own: Ctrl-C in the terminal ends the worker first, then, by stop(), the database.
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def wait_ready(self, seconds: float = START_SECONDS) -> None:
        """Wait until it answers."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise CannotStart(self._last_words())
            endpoint = self._place.endpoint()
            if endpoint is not None and endpoint.pid == self.pid and _answers(endpoint.url):
                self._endpoint = endpoint
                self.port = endpoint.port
                return
            time.sleep(0.05)
        raise CannotStart(f"the embedded engine did not answer within {seconds:g} s: see {self.log}")

    def stop(self) -> None:
        """Stop it gracefully, by force when that takes too long. Idempotent."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _last_words(self) -> str:
        try:
            lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            lines = []
        return next(
            (line for line in reversed(lines) if line.strip()), f"the embedded engine ended: see {self.log}"
        )

    def __enter__(self) -> EmbeddedClickHouse:
        self.start()
        try:
            self.wait_ready()
        except CannotStart:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/ping", timeout=2) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False
