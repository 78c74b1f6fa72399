"""The engines that fault runs share, as processes: a broker and the embedded ClickHouse behind the fault proxy."""

from pathlib import Path
from types import TracebackType

from sinks.embedded.process import EmbeddedClickHouse
from streams.embedded_broker import EmbeddedBroker
from tests.faults.proxy import Proxy
from tests.kafka.server import Kafka


class Engines:
    """Apache Kafka of `nodes` nodes, or the embedded broker for 0; ClickHouse; the proxy in front of it."""

    def __init__(self, folder: Path, nodes: int) -> None:
        self.folder = folder
        self.kafka = Kafka(folder / "kafka", nodes) if nodes else None
        self.tansu = None if nodes else EmbeddedBroker(folder)
        self.clickhouse = EmbeddedClickHouse(folder)

    def __enter__(self) -> "Engines":
        self.clickhouse.start()
        if self.kafka:
            self.kafka.start()
        if self.tansu:
            self.tansu.start()
        self.clickhouse.wait_ready()
        self.proxy = Proxy(("127.0.0.1", self.clickhouse.port))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.proxy.close()
        self.clickhouse.stop()
        if self.kafka:
            self.kafka.stop()
        if self.tansu:
            self.tansu.stop()

    @property
    def bootstrap_servers(self) -> str:
        """Of the broker."""
        engine = self.kafka or self.tansu
        assert engine is not None
        return engine.bootstrap_servers

    def restart_clickhouse(self) -> None:
        """Start the killed engine again, on its port, with its data."""
        self.clickhouse.start()
        self.clickhouse.wait_ready()
