"""ClickHouse as the settings say: its addresses for each of our users, and the rules that posts are counted by."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from clickhouse_connect.driver.client import Client

from schemas.faults import Fault
from sinks.clickhouse.client import WRITER_SETTINGS, Address, opened
from sinks.clickhouse.installation import CountingRules
from sinks.embedded.process import EmbeddedClickHouse
from streams.home import NotRunning, make_home, read_address
from streams.settings import Settings


class OneServerOnly(Fault):
    """A command does not know the tables of a cluster. It changes nothing."""


def writer_address(settings: Settings) -> Address:
    """Where and as whom the worker writes. Raises NotRunning where the embedded engine is meant and is not there."""
    if settings.clickhouse:
        password = settings.clickhouse_password.get_secret_value()
        return _server(settings, settings.clickhouse_user, password)._replace(
            cluster=settings.clickhouse_cluster
        )
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


def counting_rules(settings: Settings) -> CountingRules:
    """The rules that posts are counted by, as an installation records them."""
    return CountingRules(settings.pane_seconds, list(settings.markets), settings.sightings_window)


@contextmanager
def reader(settings: Settings) -> Iterator[Client]:
    """A read-only client, for commands that look at what is stored.

    Where the embedded engine has data here and does not run, it is started for the time of the command.
    """
    with (
        _engine(settings, (settings.home / "clickhouse").exists()),
        opened(reader_address(settings)) as client,
    ):
        yield client


@contextmanager
def writer(settings: Settings, *, new: bool = False) -> Iterator[Client]:
    """The same with the rights of a writer; with `new` the embedded engine begins where it has no data yet.

    The client is of no database, since it may have to be made.
    """
    with _engine(settings, new or (settings.home / "clickhouse").exists()):
        address = writer_address(settings)._replace(database="default")
        with opened(address, **WRITER_SETTINGS) as client:
            yield client


def require_one_server(settings: Settings, command: str) -> None:
    """Raises OneServerOnly on a cluster."""
    if settings.clickhouse_cluster:
        raise OneServerOnly(
            f"{command} works on one server's tables, not on cluster {settings.clickhouse_cluster}:"
            " docs/scaling.md says what to run there"
        )


@contextmanager
def _engine(settings: Settings, may_start: bool) -> Iterator[None]:
    """The embedded engine, where the settings name no server and it may be started; as it is where it runs."""
    with ExitStack() as ending:
        try:
            writer_address(settings)
        except NotRunning:
            if not may_start:
                raise
            make_home(settings.home)
            engine = EmbeddedClickHouse(settings.home)
            ending.callback(engine.stop)
            engine.start()
            engine.wait_ready()
        yield


def _server(settings: Settings, user: str, password: str) -> Address:
    return Address(settings.clickhouse, user, password, settings.database, settings.clickhouse_ca_file)
