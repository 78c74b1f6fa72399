from __future__ import annotations

import json
import os
import random
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import clickhouse_connect
import pytest
from clickhouse_connect.driver.exceptions import Error

from sinks.embedded.home import CannotStart, Home
from sinks.embedded.process import EmbeddedClickHouse

from .http import Http


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "a home & more?"  # a path that a connection string would misread


@pytest.fixture
def engine(home: Path) -> Iterator[EmbeddedClickHouse]:
    process = EmbeddedClickHouse(home)
    yield process
    process.stop()


def _started(process: EmbeddedClickHouse) -> Http:
    process.start()
    process.wait_ready()
    return Http(process.endpoint)


def test_it_keeps_data_token_and_port_over_restarts(engine: EmbeddedClickHouse, home: Path) -> None:
    http = _started(engine)
    first = engine.endpoint
    http.ok("CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a")
    http.ok("INSERT INTO t SELECT number FROM numbers(1000)")
    assert {path.name for path in home.parent.iterdir()} == {home.name}
    assert (home / "clickhouse" / "data" / "store").is_dir()
    assert stat.S_IMODE((home / "clickhouse.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "clickhouse").stat().st_mode) == 0o700
    engine.stop()
    assert not (home / "clickhouse.json").exists()
    left = home / "clickhouse" / "tmp" / "left.native"
    left.write_bytes(b"rows of a killed insert")

    http = _started(engine)
    assert not left.exists()
    assert (engine.endpoint.port, engine.endpoint.password) == (first.port, first.password)
    assert http.ok("SELECT sum(a) FROM t") == "499500"
    assert first.password not in engine.log.read_text()


def test_a_second_process_on_the_folder_is_refused_in_one_line(
    engine: EmbeddedClickHouse, home: Path
) -> None:
    http = _started(engine)
    second = subprocess.run(
        [sys.executable, "-m", "sinks.embedded", "--home", str(home)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert second.returncode == 1
    lines = [line for line in second.stderr.splitlines() if " INFO " not in line]
    assert lines == [
        f"clickhouse (embedded): {home / 'clickhouse'} is in use by process {engine.pid}: "
        "stop it, or choose another SKILLPULSE_HOME"
    ]
    assert http.ok("SELECT 1") == "1"
    assert Home(home).endpoint() is not None


def test_a_taken_port_is_named(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        process = EmbeddedClickHouse(home, port)
        process.start()
        with pytest.raises(CannotStart, match=f"port {port} of 127.0.0.1 cannot be used"):
            process.wait_ready()
        process.stop()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "clickhouse").write_text("a file in the way")
    with pytest.raises(CannotStart, match="cannot use the folder"):
        Home(tmp_path).claim()


def test_a_damaged_folder_gives_the_engines_own_reason(engine: EmbeddedClickHouse, home: Path) -> None:
    store = home / "clickhouse" / "data"
    store.mkdir(parents=True)
    (store / "metadata").write_text("not a folder")
    engine.start()
    with pytest.raises(CannotStart, match="the engine cannot open") as refused:
        engine.wait_ready()
    assert "\n" not in str(refused.value)


def test_sigterm_lets_statements_end(engine: EmbeddedClickHouse) -> None:
    http = _started(engine)
    http.ok("CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a")
    replies: list[int] = []
    slow = "INSERT INTO t SELECT number + sleepEachRow(0.2) FROM numbers(10) SETTINGS max_block_size = 1"
    thread = threading.Thread(target=lambda: replies.append(http.write(slow).status))
    thread.start()
    while json.loads(http.send(path="/health").text)["queries"] == 0:
        time.sleep(0.01)
    os.kill(engine.pid, signal.SIGTERM)
    thread.join()
    engine.stop()
    assert replies == [200]
    assert "stopped" in engine.log.read_text()
    http = _started(engine)
    assert http.ok("SELECT count() FROM t") == "10"


@pytest.mark.slow
def test_kill_9_loses_no_acknowledged_row_and_the_same_insert_again_heals(engine: EmbeddedClickHouse) -> None:
    """Inserts over several partitions are not atomic, so the writer repeats what was not acknowledged."""
    chance = random.Random(7)
    http = _started(engine)
    http.ok(
        "CREATE TABLE t (batch UInt32, row UInt32, version UInt64) ENGINE = ReplacingMergeTree(version) "
        "PARTITION BY row % 7 ORDER BY (batch, row)"
    )
    size, batch = 5000, 0
    for _ in range(4):
        killer = threading.Timer(chance.uniform(0.05, 0.8), os.kill, (engine.pid, signal.SIGKILL))
        killer.start()
        try:
            client = clickhouse_connect.get_client(dsn=engine.dsn, autogenerate_session_id=False)
            while True:
                columns = [[batch] * size, list(range(size)), [batch] * size]
                client.insert("t", columns, column_names=["batch", "row", "version"], column_oriented=True)
                batch += 1  # acknowledged; a batch that was not is sent again after the restart
        except (Error, OSError):
            pass
        killer.join()
        engine.kill()
        http = _started(engine)
        counts = http.ok(f"SELECT count(), uniqExact(batch) FROM t FINAL WHERE batch < {batch}")
        assert counts == f"{batch * size}\t{batch}"
    client = clickhouse_connect.get_client(dsn=engine.dsn, autogenerate_session_id=False)
    columns = [[batch] * size, list(range(size)), [batch] * size]
    client.insert("t", columns, column_names=["batch", "row", "version"], column_oriented=True)
    client.close()
    assert http.ok("SELECT count() FROM t FINAL") == str((batch + 1) * size)


def test_a_full_disk_is_an_error_of_the_insert_not_the_end(tmp_path: Path) -> None:
    home = tmp_path / "full"
    home.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", str(home)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("needs a small file system: mounting one is not allowed here")
    try:
        with EmbeddedClickHouse(home) as process:
            http = Http(process.endpoint)
            http.ok("CREATE TABLE t (a String CODEC(NONE)) ENGINE = MergeTree ORDER BY tuple()")
            http.ok("INSERT INTO t SELECT randomString(1000) FROM numbers(1000)")
            reply = http.write("INSERT INTO t SELECT randomString(1000) FROM numbers(200000)")
            assert reply.code in (75, 243, 74), reply.text
            assert http.ok("SELECT count() FROM t") == "1000"
            http.ok("INSERT INTO t SELECT randomString(1000) FROM numbers(1000)")
            assert http.ok("SELECT count() FROM t") == "2000"
    finally:
        subprocess.run(["umount", "-l", str(home)], check=True)


def test_whoever_starts_the_engine_does_not_load_it() -> None:
    """A process that has loaded the engine must never fork; the one that supervises it may."""
    check = "import sinks.embedded.process, sys; sys.exit('chdb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_no_second_import_delays_the_first_insert(engine: EmbeddedClickHouse) -> None:
    http = _started(engine)
    mapped = Path(f"/proc/{engine.pid}/maps")
    if not mapped.exists():
        pytest.skip("needs /proc")
    before = {line.split()[-1] for line in mapped.read_text().splitlines() if ".so" in line}
    http.ok("CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a")
    assert http.write(b'{"a":1}\n', query="INSERT INTO t FORMAT JSONEachRow").status == 200
    http.ok("INSERT INTO t VALUES (2)")
    after = {line.split()[-1] for line in mapped.read_text().splitlines() if ".so" in line}
    assert after == before
