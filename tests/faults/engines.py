"""The engines that fault runs share, as processes: a broker, and the embedded ClickHouse behind the fault proxy."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from sinks.embedded.process import EmbeddedClickHouse
from streams.embedded_broker import EmbeddedBroker
from tests.faults.proxy import Proxy
from tests.kafka.jars import KafkaMissing, class_path
from tests.kafka.server import Kafka

_READY_SECONDS = 300.0  # on a machine that does other work, too; it takes two
_SMALL_DISK = 256 * 2**20
"""Bytes of a disk that is to be filled: ClickHouse's data of a run take a tenth of it."""


class Needs(NamedTuple):
    """Which engines a run needs; runs that need the same share them."""

    nodes: int
    """Nodes of Apache Kafka; 0: the embedded broker."""
    small_disk: bool = False
    """Whether ClickHouse's data stand on a disk that can be filled."""


class Engines:
    """Apache Kafka or the embedded broker, ClickHouse, and proxies before Kafka's nodes and ClickHouse."""

    def __init__(self, folder: Path, needs: Needs) -> None:
        self.folder = folder
        self.needs = needs
        self.broker_proxies: list[Proxy] = []
        self.kafka = Kafka(folder / "kafka", needs.nodes, self._before_node) if needs.nodes else None
        self.tansu = None if needs.nodes else EmbeddedBroker(folder)
        self.clickhouse = EmbeddedClickHouse(folder)
        self._started = ExitStack()

    def __enter__(self) -> "Engines":
        with self._started as undo:  # what was started is stopped if the next does not start
            for proxy in self.broker_proxies:
                undo.callback(proxy.close)
            if self.needs.small_disk:
                undo.enter_context(mounted(self.disk, _SMALL_DISK))
            undo.callback(self.clickhouse.stop)
            self.clickhouse.start()
            if broker := self.kafka or self.tansu:
                undo.callback(broker.stop)
                broker.start()
            self.clickhouse.wait_ready(_READY_SECONDS)
            self.proxy = Proxy(("127.0.0.1", self.clickhouse.port))
            undo.callback(self.proxy.close)
            self._started = undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._started.close()

    @property
    def bootstrap_servers(self) -> str:
        """Of the broker."""
        engine = self.kafka or self.tansu
        assert engine is not None
        return engine.bootstrap_servers

    @property
    def proxied_servers(self) -> str:
        """Of Apache Kafka, through the proxies: clients that begin there stay behind them."""
        return ",".join(f"127.0.0.1:{proxy.port}" for proxy in self.broker_proxies)

    @property
    def disk(self) -> Path:
        """Where the disk of ClickHouse's data is mounted, if it is a small one."""
        return self.folder / "clickhouse"

    def restart_clickhouse(self) -> None:
        """Start the killed engine again, on its port, with its data."""
        self.clickhouse.start()
        self.clickhouse.wait_ready(_READY_SECONDS)

    def _before_node(self, port: int) -> int:
        self.broker_proxies.append(Proxy(("127.0.0.1", port)))
        return self.broker_proxies[-1].port


def kafka_is_here() -> bool:
    """Whether Apache Kafka can run here; says why it cannot."""
    try:
        class_path()
    except KafkaMissing as reason:
        print(f"with the embedded broker: {reason}", file=sys.stderr)
        return False
    return True


def cannot_mount() -> str:
    """Why no small disk can be made here; empty if one can."""
    tried = subprocess.run(
        ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True
    )
    return "" if tried.returncode == 0 else "a disk to be filled can only be mounted by root"


@contextmanager
def mounted(folder: Path, size: int) -> Iterator[None]:
    """A disk of `size` bytes at `folder`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
