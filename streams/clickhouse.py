"""The addresses of ClickHouse for each of our users, from the settings or from the embedded engine's word."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from clickhouse_connect.driver.client import Client

from sinks.clickhouse.client import Address, opened
from sinks.embedded.process import EmbeddedClickHouse
from streams.home import NotRunning, read_address
from streams.settings import Settings


def writer_address(settings: Settings) -> Address:
    """Where and as whom the worker writes. Raises NotRunning where the embedded engine is meant and is not there."""
    if settings.clickhouse:
        password = settings.clickhouse_password.get_secret_value()
        return _server(settings, settings.clickhouse_user, password)
    said = read_address(settings.home, "clickhouse")
    return Address(f"http://{said['host']}:{said['port']}", said["user"], said["password"], settings.database)


def reader_address(settings: Settings) -> Address:
    """Where and as whom `sql`, `report` and `board` read: a user that cannot write."""
    if settings.clickhouse:
        password = settings.clickhouse_reader_password.get_secret_value()
        return _server(settings, settings.clickhouse_reader, password)
    said = read_address(settings.home, "clickhouse")
    return Address(
        f"http://{said['host']}:{said['port']}", said["analyst"], said["analyst_password"], settings.database
    )


@contextmanager
def reader(settings: Settings) -> Iterator[Client]:
    """A read-only client, for commands that look at what is stored.

    Where the embedded engine has data here and does not run, it is started for the time of the command.
    """
    with ExitStack() as ending:
        try:
            address = reader_address(settings)
        except NotRunning:
            if not (settings.home / "clickhouse").exists():
                raise
            engine = EmbeddedClickHouse(settings.home)
            ending.callback(engine.stop)
            engine.start()
            engine.wait_ready()
            address = reader_address(settings)
        yield ending.enter_context(opened(address))


def _server(settings: Settings, user: str, password: str) -> Address:
    return Address(settings.clickhouse, user, password, settings.database, settings.clickhouse_ca_file)
