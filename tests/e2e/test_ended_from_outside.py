"""A command that is ended from outside ends what it began."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sinks.embedded.process import EmbeddedClickHouse

pytestmark = pytest.mark.slow

COMMAND = (sys.executable, "-m", "streams")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with data, in which nothing runs."""
    home = tmp_path_factory.mktemp("home")
    with EmbeddedClickHouse(home):
        return home


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_the_engine_of_a_query_ends_with_it(home: Path, number: signal.Signals) -> None:
    with subprocess.Popen([*COMMAND, "sql", "SELECT sleep(2)", "--home", home]) as query:
        said = home / "clickhouse.json"
        while not said.exists():
            assert query.poll() is None
            time.sleep(0.02)
        engine = json.loads(said.read_text())["pid"]
        query.send_signal(number)
        assert query.wait(60) == 128 + number
    assert not Path(f"/proc/{engine}").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_up_stops_all_of_its_parts(home: Path, number: signal.Signals) -> None:
    with subprocess.Popen([*COMMAND, "up", "--home", home], stdout=subprocess.PIPE, text=True) as up:
        assert up.stdout
        while not up.stdout.readline().startswith("ready"):
            assert up.poll() is None
        names = ("broker", "clickhouse", "worker-1", "board")
        parts = [json.loads((home / f"{name}.json").read_text())["pid"] for name in names]
        up.send_signal(number)
        assert up.wait(60) == 0
    assert [pid for pid in parts if Path(f"/proc/{pid}").exists()] == []
