"""A merged part whose last files are empty, as a full disk leaves it: put aside, and nothing is missing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from sinks.clickhouse.client import WRITER_SETTINGS, Address, opened
from sinks.clickhouse.mend import mend

DATABASE = "mend"


@pytest.fixture
def client(embedded_clickhouse):
    server = embedded_clickhouse
    address = Address(server.url, server.user, server.password, "default")
    with opened(address, **WRITER_SETTINGS) as client:
        client.command(f"CREATE DATABASE IF NOT EXISTS {DATABASE}")
        client.database = DATABASE
        for table in ("whole", "broken"):
            client.command(
                f"CREATE OR REPLACE TABLE {table} (a UInt64, b String) ENGINE = MergeTree ORDER BY a"
            )
            for start in (0, 1_000):
                client.command(f"INSERT INTO {table} SELECT number + {start}, hex(number) FROM numbers(1000)")
            client.command(f"OPTIMIZE TABLE {table} FINAL")
        yield client
        client.command(f"DROP DATABASE {DATABASE} SYNC")


def test_what_was_merged_into_a_broken_part_is_taken_instead(client):
    since = datetime.now(UTC) - timedelta(minutes=1)
    [(place,)] = client.query(
        "SELECT path FROM system.parts WHERE active AND database = currentDatabase() AND table = 'broken'"
    ).result_rows
    for file in ("data.cmrk4", "columns.txt"):
        (Path(place) / file).write_bytes(b"")
    with pytest.raises(DatabaseError, match="CORRUPTED_DATA"):
        client.query("SELECT sum(a) FROM broken")
    assert mend(client, since) == ["broken"]
    assert client.query("SELECT count(), sum(a) FROM broken").result_rows == [(2_000, 1_999_000)]
    assert client.query("SELECT count(), sum(a) FROM whole").result_rows == [(2_000, 1_999_000)]
    assert mend(client, since) == []
