"""A real worker on the embedded broker and engine, for tests that follow events all the way."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from clickhouse_connect.driver.client import Client

from sinks.clickhouse.client import WRITER_SETTINGS, connect
from sinks.clickhouse.migrate import migrate
from streams.clickhouse import writer_address
from streams.settings import Settings
from tests.conftest import Server
from tests.faults.processes import Worker, environment_of


def live_settings(tmp_path: Path, broker: str, server: Server, name: str) -> Settings:
    """Settings with topics, a group and a database named after `name`."""
    return Settings(
        home=tmp_path,
        broker=broker,
        clickhouse=server.url,
        clickhouse_user=server.user,
        clickhouse_password=server.password,
        clickhouse_reader=server.user,
        clickhouse_reader_password=server.password,
        database=name,
        group=name,
        job_posts_topic=f"posts-{name}",
        dead_letters_topic=f"dead-{name}",
        survey_topic=f"survey-{name}",
        signals_topic=f"signals-{name}",
        partitions=2,
        session_seconds=6.0,
        log_level="INFO",
    )


@contextmanager
def live_worker(settings: Settings) -> Iterator[tuple[Worker, Client]]:
    """A started worker and a client of its database, which was migrated."""
    address = writer_address(settings)._replace(database="default")
    client = connect(address, **WRITER_SETTINGS)
    migrate(client, settings.database)
    worker = Worker(environment_of(settings), settings.home / "worker.log")
    worker.start()
    try:
        yield worker, client
    finally:
        worker.stop()
        client.command(f"DROP DATABASE {settings.database}")
        client.close()


def wait(worker: Worker, true: Callable[[], object], seconds: float = 60) -> None:
    """Wait until `true`; the worker must not end meanwhile."""
    deadline = time.monotonic() + seconds
    while not true():
        assert worker.running, worker.words()
        assert time.monotonic() < deadline, worker.words()
        time.sleep(0.1)
