from collections.abc import Iterator

import pytest

from sinks.clickhouse.client import Address
from streams.classify import load_classifier
from tests.conftest import Server
from tests.sinks.clickhouse.filled import Filled, fill


@pytest.fixture(scope="session")
def filled(embedded_clickhouse: Server) -> Iterator[Filled]:
    """A database of the metrics' tests, which only read it."""
    url, user, password = embedded_clickhouse
    filled = fill(Address(url, user, password, "metrics"), load_classifier())
    yield filled
    filled.client.close()
