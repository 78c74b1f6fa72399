from collections.abc import Iterator
from typing import NamedTuple

import pytest
from clickhouse_connect.driver.client import Client

from sinks.clickhouse.client import Address
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
