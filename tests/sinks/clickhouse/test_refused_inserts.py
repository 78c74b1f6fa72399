"""An insert that the table refuses is an error, whatever its form: nothing is acknowledged that is not stored."""

import pyarrow as pa
import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from sinks.clickhouse.client import WRITER_SETTINGS, Address, opened

FORMS = {
    "statement with values": lambda client: client.command("INSERT INTO full_table VALUES (7)"),
    "rows": lambda client: client.insert("full_table", [[7]], column_names=["a"]),
    "Arrow": lambda client: client.insert_arrow("full_table", pa.table({"a": pa.array([7], pa.uint64())})),
    "settings in the statement": lambda client: client.raw_insert(
        "full_table",
        column_names=["a"],
        insert_block=b"7\n",
        fmt="CSV",
        settings={"max_insert_block_size": 1_000},
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_too_many_parts_reach_the_client(clickhouse, form):
    database = "refused_inserts"
    address = Address(clickhouse.url, clickhouse.user, clickhouse.password, database)
    with opened(address._replace(database="default"), **WRITER_SETTINGS) as client:
        client.command(f"CREATE DATABASE IF NOT EXISTS {database}")
        client.database = database
        client.command(
            "CREATE OR REPLACE TABLE full_table (a UInt64) ENGINE = MergeTree ORDER BY a"
            " SETTINGS parts_to_delay_insert = 1, parts_to_throw_insert = 2, max_delay_to_insert = 1"
        )
        client.command("SYSTEM STOP MERGES full_table")
        stored = 0
        with pytest.raises(DatabaseError, match="TOO_MANY_PARTS"):
            for _ in range(4):
                FORMS[form](client)
                stored += 1
        assert stored
        assert client.query("SELECT count() FROM full_table").result_rows == [(stored,)]
