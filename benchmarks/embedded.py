"""The embedded engine over HTTP beside the same engine called directly: inserts, reads, cost of a request.

    python -m benchmarks.embedded [--quick]

The direct engine runs in a process of its own, because one process can open one folder.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import clickhouse_connect
import pyarrow as pa

from sinks.embedded.process import EmbeddedClickHouse

COLUMNS = ["pane", "skill", "category", "posts", "last_offset"]
TABLE = (
    "CREATE TABLE {name} (pane DateTime('UTC'), skill LowCardinality(String), category LowCardinality(String), "
    "posts UInt32, last_offset UInt64) ENGINE = ReplacingMergeTree(last_offset) ORDER BY (pane, skill, category)"
)
READ = "SELECT number, toString(number) AS text FROM numbers({rows})"
EPOCH = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


def batch(rows: int) -> list[list[Any]]:
    """Columns of a batch of counts: as many panes and skills as a busy minute has."""
    return [
        [EPOCH + dt.timedelta(minutes=at % 60) for at in range(rows)],
        [f"skill {at % 999}" for at in range(rows)],
        [f"category {at % 37}" for at in range(rows)],
        [at % 50 for at in range(rows)],
        list(range(rows)),
    ]


def arrow(columns: list[list[Any]]) -> pa.Table:
    """The same as an Arrow table."""
    kinds = [pa.timestamp("s", "UTC"), pa.string(), pa.string(), pa.uint32(), pa.uint64()]
    return pa.table(
        {name: pa.array(values, kind) for name, values, kind in zip(COLUMNS, columns, kinds, strict=True)}
    )


def per_second(work: Callable[[], object], amount: int, seconds: float) -> float:
    """Amount per second of work repeated for about that long; the median round, after one to warm up."""
    work()
    rounds: list[float] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until or len(rounds) < 3:
        started = time.perf_counter()
        work()
        rounds.append(time.perf_counter() - started)
    return amount / statistics.median(rounds)


def over_http(seconds: float, sizes: list[int], rows: int) -> dict[str, float]:
    """Rates through the endpoint with clickhouse-connect, as the worker and analysts use it."""
    rates: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as home, EmbeddedClickHouse(Path(home)) as engine:
        client = clickhouse_connect.get_client(dsn=engine.dsn, autogenerate_session_id=False, compress=False)
        client.command(TABLE.format(name="counts"))
        for size in sizes:
            columns = batch(size)
            lines = [list(row) for row in zip(*columns, strict=True)]
            table = arrow(columns)

            def rows_in(lines: list[list[Any]] = lines) -> object:
                return client.insert("counts", lines, column_names=COLUMNS)

            def columns_in(columns: list[list[Any]] = columns) -> object:
                return client.insert("counts", columns, column_names=COLUMNS, column_oriented=True)

            def arrow_in(table: pa.Table = table) -> object:
                return client.insert_arrow("counts", table)

            rates[f"insert_rows_{size}"] = per_second(rows_in, size, seconds)
            rates[f"insert_columns_{size}"] = per_second(columns_in, size, seconds)
            rates[f"insert_arrow_{size}"] = per_second(arrow_in, size, seconds)
        sql = READ.format(rows=rows)
        rates["read_rows"] = per_second(lambda: client.query(sql).result_columns, rows, seconds)
        rates["read_arrow"] = per_second(lambda: client.query_arrow(sql), rows, seconds)
        rates["requests"] = per_second(lambda: client.raw_query("SELECT 1"), 1, seconds)
        rates["pings"] = per_second(client.ping, 1, seconds)
        client.close()
    return rates


def direct(seconds: float, sizes: list[int], rows: int) -> dict[str, float]:
    """The same Arrow bytes and queries given to the engine in this process."""
    from chdb import _chdb

    rates: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        engine = _chdb.connect(f"{folder}/data")
        engine.query("CREATE DATABASE skillpulse")
        engine.query("USE skillpulse")
        engine.query(TABLE.format(name="counts"))
        for size in sizes:
            sink = pa.BufferOutputStream()
            table = arrow(batch(size))
            with pa.ipc.new_file(sink, table.schema) as writer:
                writer.write_table(table)
            body = sink.getvalue().to_pybytes()

            def arrow_in(body: bytes = body) -> None:
                stream = engine.send_insert(f"INSERT INTO counts ({', '.join(COLUMNS)})", "Arrow")
                engine.insert_append(stream, body)
                engine.insert_done(stream)

            rates[f"insert_arrow_{size}"] = per_second(arrow_in, size, seconds)
        sql = READ.format(rows=rows)
        rates["read_arrow"] = per_second(lambda: engine.query(sql, "Arrow").bytes(), rows, seconds)
        rates["requests"] = per_second(lambda: engine.query("SELECT 1", "TSV").bytes(), 1, seconds)
        engine.close()
    return rates


def run(quick: bool) -> dict[str, Any]:
    """Rates in rows (or requests) per second over HTTP and direct, their ratio, and milliseconds per request."""
    seconds, sizes, rows = (0.5, [10_000], 100_000) if quick else (3.0, [10_000, 100_000], 1_000_000)
    http = over_http(seconds, sizes, rows)
    arguments = [sys.executable, "-m", "benchmarks.embedded", "--direct", json.dumps([seconds, sizes, rows])]
    peer = json.loads(subprocess.run(arguments, check=True, capture_output=True, text=True).stdout)
    return {
        "http_per_second": {name: round(rate) for name, rate in http.items()},
        "direct_per_second": {name: round(rate) for name, rate in peer.items()},
        "http_to_direct": {name: round(http[name] / peer[name], 2) for name in peer},
        "request_ms": round(1000 / http["requests"], 2),
        "direct_request_ms": round(1000 / peer["requests"], 2),
        "ping_ms": round(1000 / http["pings"], 2),
    }


def main() -> None:
    """Print the result as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few seconds instead of a minute")
    parser.add_argument("--direct", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.direct:
        print(json.dumps(direct(*json.loads(options.direct))))
        return
    print(json.dumps(run(options.quick), indent=1))


if __name__ == "__main__":
    main()
