from collections.abc import Iterator
from typing import NamedTuple

import pytest
from clickhouse_connect.driver.client import Client

from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect
from sinks.clickhouse.migrate import migrate
from tests.conftest import Server
from tests.dashboards.filled import fill


class Boards(NamedTuple):
    address: Address
    client: Client


@pytest.fixture(scope="session")
def boards(embedded_clickhouse: Server) -> Iterator[Boards]:
    """A filled database that the tests of the boards only read."""
    url, user, password = embedded_clickhouse
    address = Address(url, user, password, "boards")
    client = fill(address)
    yield Boards(address, client)
    client.close()


@pytest.fixture(scope="session")
def empty_boards(embedded_clickhouse: Server) -> Iterator[Boards]:
    """An installation that no worker has run in."""
    url, user, password = embedded_clickhouse
    client = connect(Address(url, user, password, "default"), **WRITER_SETTINGS)
    migrate(client, "empty_boards")
    yield Boards(Address(url, user, password, "empty_boards"), client)
    client.close()
