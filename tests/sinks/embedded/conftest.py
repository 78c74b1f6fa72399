from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from sinks.embedded.process import EmbeddedClickHouse

from .http import Http


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedClickHouse]:
    """One engine for all tests that do not stop it."""
    with EmbeddedClickHouse(tmp_path_factory.mktemp("embedded")) as running:
        yield running


@pytest.fixture(scope="session")
def http(engine: EmbeddedClickHouse) -> Http:
    return Http(engine.endpoint)


@pytest.fixture
def table(http: Http) -> Iterator[str]:
    """A table (a UInt64, b String) of this test alone."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    http.ok(f"CREATE TABLE {name} (a UInt64, b String) ENGINE = MergeTree ORDER BY a")
    yield name
    http.ok(f"DROP TABLE {name} SYNC")
