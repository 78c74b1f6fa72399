"""A command that is ended from outside ends what it began."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from sinks.embedded.process import EmbeddedClickHouse

pytestmark = pytest.mark.slow

COMMAND = (sys.executable, "-m", "streams")


@contextmanager
def started(*words: str | Path) -> Iterator[subprocess.Popen[str]]:
    """A command that heeds SIGHUP, which whoever runs the tests may ignore, as under `nohup`; ended in any case."""
    heeded = partial(signal.signal, signal.SIGHUP, signal.SIG_DFL)
    with subprocess.Popen(
        [*COMMAND, *words], stdout=subprocess.PIPE, text=True, preexec_fn=heeded
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with data, in which nothing runs."""
    home = tmp_path_factory.mktemp("home")
    with EmbeddedClickHouse(home):
        return home


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_the_engine_of_a_query_ends_with_it(home: Path, number: signal.Signals) -> None:
    with started("sql", "SELECT sleep(2)", "--home", home) as query:
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
    with started("up", "--home", home) as up:
        assert up.stdout
        while not up.stdout.readline().startswith("ready"):
            assert up.poll() is None
        names = ("broker", "clickhouse", "worker-1", "board")
        parts = [json.loads((home / f"{name}.json").read_text())["pid"] for name in names]
        up.send_signal(number)
        assert up.wait(60) == 0
    assert [pid for pid in parts if Path(f"/proc/{pid}").exists()] == []
