"""ClickHouse interface: what the product and its users rely on, the same on the embedded engine and on a server.

A server is one named by SKILLPULSE_TEST_CLICKHOUSE (a DSN whose user may create databases and users), or a
container where a Docker engine runs.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import decimal
import os
import shutil
import subprocess
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import clickhouse_connect
import pyarrow as pa
import pyarrow.parquet
import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError

from sinks.embedded.process import EmbeddedClickHouse

READER = "contract_reader"
READER_PASSWORD = "read-only-1"
NOW = dt.datetime(2026, 11, 22, 20, 0, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Service:
    """One ClickHouse under test."""

    writer: str
    reader: str

    def client(self, dsn: str | None = None, **options: object) -> Client:
        return clickhouse_connect.get_client(dsn=dsn or self.writer, autogenerate_session_id=False, **options)


@pytest.fixture(scope="module", params=["embedded", "server"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with ExitStack() as stack:
        if request.param == "embedded":
            engine = stack.enter_context(EmbeddedClickHouse(tmp_path_factory.mktemp("contract")))
            yield Service(engine.dsn, engine.reader_dsn(engine.endpoint.analyst))
            return
        dsn = os.environ.get("SKILLPULSE_TEST_CLICKHOUSE") or _container(stack)
        yield Service(dsn, _reader(dsn))
        with clickhouse_connect.get_client(dsn=dsn) as client:
            client.command(f"DROP USER IF EXISTS {READER}")


def _container(stack: ExitStack) -> str:
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "info"], capture_output=True, check=False).returncode:
        pytest.skip("no ClickHouse server: set SKILLPULSE_TEST_CLICKHOUSE to a DSN, or run a Docker engine")
    from testcontainers.clickhouse import ClickHouseContainer

    container = stack.enter_context(ClickHouseContainer("clickhouse/clickhouse-server:26.9"))
    port = container.get_exposed_port(8123)
    return f"clickhouse://{container.username}:{container.password}@127.0.0.1:{port}/{container.dbname}"


def _reader(dsn: str) -> str:
    """A read-only user as the production profile makes it; its DSN."""
    with clickhouse_connect.get_client(dsn=dsn) as client:
        client.command(f"DROP USER IF EXISTS {READER}")
        client.command(
            f"CREATE USER {READER} IDENTIFIED BY '{READER_PASSWORD}' SETTINGS readonly = 1, "
            "max_execution_time = 30 MIN 1 MAX 120 CHANGEABLE_IN_READONLY"
        )
        client.command(f"GRANT SELECT ON *.* TO {READER}")
    parts = urlsplit(dsn)
    return f"clickhouse://{READER}:{READER_PASSWORD}@{parts.hostname}:{parts.port}{parts.path}"


@pytest.fixture
def client(service: Service) -> Iterator[Client]:
    with service.client() as connected:
        yield connected


@pytest.fixture
def table(client: Client) -> Iterator[str]:
    name = f"contract_{uuid.uuid4().hex[:12]}"
    client.command(
        f"CREATE TABLE {name} (a UInt64, b String, c DateTime('UTC')) ENGINE = ReplacingMergeTree ORDER BY (a, b)"
    )
    yield name
    client.command(f"DROP TABLE {name} SYNC")


def _arrow(rows: int) -> pa.Table:
    return pa.table(
        {
            "a": pa.array(range(rows), pa.uint64()),
            "b": [f"row {at}" for at in range(rows)],
            "c": pa.array([NOW] * rows, pa.timestamp("s", "UTC")),
        }
    )


def _parquet(client: Client, table: str, rows: int) -> None:
    sink = pa.BufferOutputStream()
    pyarrow.parquet.write_table(_arrow(rows), sink)
    client.raw_insert(table, ["a", "b", "c"], sink.getvalue().to_pybytes(), fmt="Parquet")


def _lines(template: str, rows: int) -> str:
    return "".join(template % (at, at) for at in range(rows))


JSON_ROW = '{"a": %d, "b": "row %d", "c": "2026-11-22 20:00:01"}\n'
INSERTS: dict[str, Callable[[Client, str, int], object]] = {
    "rows": lambda client, table, rows: client.insert(
        table, [[at, f"row {at}", NOW] for at in range(rows)], column_names=["a", "b", "c"]
    ),
    "columns": lambda client, table, rows: client.insert(
        table,
        [list(range(rows)), [f"row {at}" for at in range(rows)], [NOW] * rows],
        column_names=["a", "b", "c"],
        column_oriented=True,
    ),
    "arrow": lambda client, table, rows: client.insert_arrow(table, _arrow(rows)),
    "parquet": _parquet,
    "csv": lambda client, table, rows: client.raw_insert(
        table, ["a", "b", "c"], _lines('%d,"row %d",2026-11-22 20:00:01\n', rows), fmt="CSV"
    ),
    "json": lambda client, table, rows: client.raw_insert(
        table, ["a", "b", "c"], _lines(JSON_ROW, rows).encode(), fmt="JSONEachRow"
    ),
    "generator": lambda client, table, rows: client.raw_insert(
        table, ["a", "b", "c"], ((JSON_ROW % (at, at)).encode() for at in range(rows)), fmt="JSONEachRow"
    ),
}


@pytest.mark.parametrize("compress", [False, "lz4", "zstd", "gzip"])
@pytest.mark.parametrize("how", INSERTS)
def test_every_way_to_insert_brings_every_row(
    service: Service, table: str, how: str, compress: bool | str
) -> None:
    rows = 10_000
    with service.client(compress=compress) as client:
        INSERTS[how](client, table, rows)
        result = client.query(f"SELECT count(), sum(a), uniqExact(b), min(c), max(c) FROM {table}").first_row
    assert tuple(result[:3]) == (rows, rows * (rows - 1) // 2, rows)
    assert [moment.replace(tzinfo=dt.UTC) for moment in result[3:]] == [NOW, NOW]


def test_the_summary_counts_written_rows(client: Client, table: str) -> None:
    summary = client.insert(table, [[1, "x", NOW], [2, "y", NOW]], column_names=["a", "b", "c"])
    assert summary.written_rows == 2
    assert summary.query_id()


def test_values_of_every_kind_come_back(client: Client) -> None:
    sql = (
        "SELECT toUInt8(255), toInt64(-9223372036854775808), toUInt256(1), 0.5, toDecimal64('1.23', 2), 'ä\\n\\'\\0', "
        "toDate('2026-11-22'), toDateTime64('2026-11-22 20:00:01.123', 3, 'UTC'), [1, 2], map('k', 1), NULL, "
        "toLowCardinality('low'), tuple(1, 'a'), toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), true"
    )
    row = client.query(sql).first_row
    assert row[:5] == (255, -(2**63), 1, 0.5, decimal.Decimal("1.23"))
    assert row[5] == "ä\n'\0"
    assert row[6] == dt.date(2026, 11, 22)
    assert row[7].replace(tzinfo=dt.UTC) == dt.datetime(2026, 11, 22, 20, 0, 1, 123_000, tzinfo=dt.UTC)
    assert list(row[8]) == [1, 2]
    assert row[9] == {"k": 1}
    assert row[10:] == (None, "low", (1, "a"), uuid.UUID("61f0c404-5cb3-11e7-907b-a6006ad3dba0"), True)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("String", "tab\there, quote', back\\slash, new\nline, {x:String}, ä"),
        ("Array(String)", ["a'b", "c\\d", "e\tf"]),
        ("UInt64", 2**63),
        ("Float64", 0.1),
        ("Date", dt.date(2026, 11, 22)),
        ("Nullable(String)", None),
    ],
)
def test_parameters_reach_the_query_as_they_are(client: Client, kind: str, value: object) -> None:
    assert client.query(f"SELECT {{x:{kind}}}", parameters={"x": value}).first_row[0] == value


def test_long_parameters(client: Client) -> None:
    many = [f"skill {at}" for at in range(5000)]
    found = client.query(
        "SELECT count() FROM numbers(6000) WHERE concat('skill ', toString(number)) IN {many:Array(String)}",
        parameters={"many": many},
    )
    assert found.first_row == (5000,)


@pytest.mark.parametrize("compress", [False, "lz4", "zstd", "gzip"])
def test_a_million_rows_read_whole_and_in_pieces(service: Service, compress: bool | str) -> None:
    sql = "SELECT number, toString(number) AS text FROM numbers(1000000)"
    with service.client(compress=compress) as client:
        columns = client.query(sql).result_columns
        assert (len(columns[0]), sum(columns[0])) == (1_000_000, 499_999_500_000)
        with client.query_row_block_stream(sql) as blocks:
            assert sum(len(block) for block in blocks) == 1_000_000
        assert client.query_arrow(sql).num_rows == 1_000_000
        with client.query_arrow_stream(sql) as batches:
            assert sum(batch.num_rows for batch in batches) == 1_000_000
        assert client.query_np("SELECT number FROM numbers(1000)").sum() == 499_500


def test_nothing_found_is_an_empty_result(client: Client, table: str) -> None:
    result = client.query(f"SELECT a, b FROM {table}")
    assert result.result_rows == []
    assert client.query(f"SELECT a, b FROM {table} LIMIT 0").column_names == ("a", "b")
    assert client.query_arrow(f"SELECT a, b FROM {table}").num_rows == 0


def test_commands_answer_plainly(client: Client, table: str) -> None:
    assert client.command("SELECT 1") == 1
    assert client.command("SELECT 'a', 2") == ["a", "2"]
    assert client.command(f"SELECT a FROM {table}") == ""
    assert client.command(f"EXISTS TABLE {table}") == 1
    assert client.query(f"DESCRIBE TABLE {table}").column_names[:2] == ("name", "type")


@pytest.mark.parametrize(
    ("sql", "code", "name"),
    [
        ("SELECT * FROM nowhere", 60, "UNKNOWN_TABLE"),
        ("SELECT nothing FROM system.one", 47, "UNKNOWN_IDENTIFIER"),
        ("SELECT (", 62, "SYNTAX_ERROR"),
        ("SELECT throwIf(1)", 395, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO"),
    ],
)
def test_errors_carry_code_and_name(client: Client, sql: str, code: int, name: str) -> None:
    with pytest.raises(DatabaseError) as refused:
        client.query(sql)
    assert (refused.value.code, refused.value.name) == (code, name)


def test_an_error_in_the_middle_of_a_stream_is_raised(client: Client) -> None:
    sql = "SELECT number, throwIf(number = 5000000) FROM numbers(20000000)"
    with (
        pytest.raises(Exception, match="FUNCTION_THROW_IF|throwIf"),
        client.query_row_block_stream(sql, settings={"max_threads": 1}) as blocks,
    ):
        for _ in blocks:
            pass


def test_settings_of_a_request(client: Client) -> None:
    assert client.command("SELECT getSetting('max_block_size')", settings={"max_block_size": 77}) == 77
    with pytest.raises(DatabaseError) as refused:
        client.query(
            "SELECT sum(cityHash64(number)) FROM numbers(1000000000000)", settings={"max_execution_time": 1}
        )
    assert refused.value.code == 159


def test_the_same_insert_again_is_dropped_by_its_token(client: Client) -> None:
    name = f"contract_{uuid.uuid4().hex[:12]}"
    client.command(
        f"CREATE TABLE {name} (a UInt64) ENGINE = MergeTree ORDER BY a "
        "SETTINGS non_replicated_deduplication_window = 100"
    )
    try:
        for token in ("one", "one", "two"):
            settings = {"insert_deduplication_token": token, "async_insert": 0, "insert_deduplicate": 1}
            client.insert(name, [[1]], column_names=["a"], settings=settings)
        assert client.command(f"SELECT count() FROM {name}") == 2
    finally:
        client.command(f"DROP TABLE {name} SYNC")


def test_the_last_version_wins_behind_a_view(service: Service, client: Client) -> None:
    suffix = uuid.uuid4().hex[:12]
    client.command(
        f"CREATE TABLE counts_{suffix} (pane DateTime('UTC'), skill LowCardinality(String), posts UInt64, last_offset "
        "UInt64) ENGINE = ReplacingMergeTree(last_offset) PARTITION BY toYYYYMM(pane) ORDER BY (pane, skill)"
    )
    client.command(
        f"CREATE VIEW demand_{suffix} AS SELECT skill, sum(posts) AS demand FROM counts_{suffix} FINAL "
        "WHERE pane >= {start:DateTime('UTC')} GROUP BY skill SETTINGS do_not_merge_across_partitions_select_final = 1"
    )
    try:
        for posts, offset in ((1, 10), (3, 30), (2, 20)):
            columns = ["pane", "skill", "posts", "last_offset"]
            client.insert(f"counts_{suffix}", [[NOW, "python", posts, offset]], column_names=columns)
        with service.client(service.reader) as reader:
            rows = reader.query(f"SELECT * FROM demand_{suffix}(start = '2026-11-01 00:00:00')").result_rows
        assert rows == [("python", 3)]
    finally:
        client.command(f"DROP VIEW demand_{suffix}")
        client.command(f"DROP TABLE counts_{suffix} SYNC")


def test_readers_in_parallel(service: Service) -> None:
    def ask(number: int) -> int:
        with service.client(service.reader) as reader:
            return int(reader.command(f"SELECT sum(number) + {number} FROM numbers(100000)"))

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(24))) == [4_999_950_000 + number for number in range(24)]


def test_a_reader_reads_only(service: Service, table: str) -> None:
    with service.client(service.reader) as reader:
        assert reader.command(f"SELECT count() FROM {table}") == 0
        for sql in (
            f"INSERT INTO {table} VALUES (1, 'x', now())",
            f"DROP TABLE {table}",
            "CREATE DATABASE evil",
        ):
            with pytest.raises(DatabaseError) as refused:
                reader.command(sql)
            assert refused.value.code in (164, 497)
        with pytest.raises(DatabaseError) as refused:
            reader.query("SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')")
        assert refused.value.code in (164, 497)
        with pytest.raises(DatabaseError) as refused:
            reader.query("SELECT 1 SETTINGS max_memory_usage = 0")
        assert refused.value.code in (164, 452)


def test_a_reader_sets_its_own_time_limit_up_to_the_bound(service: Service) -> None:
    parts = urlsplit(service.reader)
    url = f"http://{parts.hostname}:{parts.port}/?user={parts.username}&password={parts.password}&query=SELECT+1"
    with urllib.request.urlopen(f"{url}&max_execution_time=60", timeout=10) as response:
        assert response.read() == b"1\n"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{url}&max_execution_time=100000", timeout=10)
    assert refused.value.headers["X-ClickHouse-Exception-Code"] == "452"
    refused.value.close()


def test_a_wrong_password_is_refused(service: Service) -> None:
    parts = urlsplit(service.writer)
    with pytest.raises(DatabaseError) as refused:
        service.client(f"clickhouse://{parts.username}:wrong@{parts.hostname}:{parts.port}/")
    assert refused.value.code == 516


def test_the_asynchronous_client(service: Service, table: str) -> None:
    async def work() -> tuple[int, int, list[int]]:
        client = await clickhouse_connect.get_async_client(dsn=service.writer, autogenerate_session_id=False)
        async with client:
            await client.insert(table, [[at, "x", NOW] for at in range(1000)], column_names=["a", "b", "c"])
            await client.insert_arrow(table, _arrow(1000))
            rows = (await client.query(f"SELECT count() FROM {table}")).first_row[0]
            streamed = 0
            async with await client.query_row_block_stream("SELECT number FROM numbers(500000)") as blocks:
                async for block in blocks:
                    streamed += len(block)
            many = await asyncio.gather(*(client.command(f"SELECT {number}") for number in range(20)))
            return rows, streamed, many

    assert asyncio.run(work()) == (2000, 500_000, list(range(20)))


def test_curl(service: Service, tmp_path: Path) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    parts = urlsplit(service.writer)
    base = [curl, "-sS", "--max-time", "20", "--user", f"{parts.username}:{parts.password}"]
    url = f"http://{parts.hostname}:{parts.port}/"

    def run(*arguments: str) -> str:
        done = subprocess.run([*base, *arguments], capture_output=True, text=True, check=True)
        return done.stdout

    assert run(url, "-d", "SELECT 1") == "1\n"
    assert run(f"{url}?query=SELECT%201%20FORMAT%20JSONEachRow") == '{"1":1}\n'
    assert run(f"{url}?enable_http_compression=1", "--compressed", "-d", "SELECT 'packed'") == "packed\n"
    assert "Code: 60" in run(url, "-d", "SELECT * FROM nowhere_at_all")
    name = f"skill{uuid.uuid4().hex[:8]}"
    run(url, "-d", f"CREATE TABLE {name} (a UInt8) ENGINE = Memory")
    rows = tmp_path / "rows.csv"
    rows.write_text("1\n2\n")
    run(f"{url}?query=INSERT%20INTO%20{name}%20FORMAT%20CSV", "--data-binary", f"@{rows}")
    assert run(url, "-d", f"SELECT sum(a) FROM {name}") == "3\n"
    run(url, "-d", f"DROP TABLE {name}")
