import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from streams.demo_mark import start_afresh
from streams.settings import load_settings
from streams.stack import Part, StackFailed, claim, up_pid

COMMAND = (sys.executable, "-m", "streams")


@pytest.fixture
def other():
    """A process of somebody else's."""
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


@pytest.fixture
def claimed(tmp_path: Path):
    """A home that another process runs skillpulse in, and the number of that."""
    home = tmp_path / "home"
    code = "import sys, pathlib, streams.stack as s; s.claim(pathlib.Path(sys.argv[1])); print(); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, home], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stdout.readline()
        yield home, process


def test_a_home_belongs_to_the_process_that_runs_in_it(claimed) -> None:
    home, owner = claimed
    assert up_pid(home) == owner.pid
    with pytest.raises(StackFailed, match=f"process {owner.pid} runs skillpulse"):
        claim(home)
    owner.kill()
    owner.wait()
    assert up_pid(home) is None
    claim(home)
    claim(home)


def test_down_leaves_alone_who_got_the_number_of_a_process_that_is_gone(tmp_path: Path, other) -> None:
    (tmp_path / "up.json").write_text(str(other.pid))
    done = subprocess.run([*COMMAND, "down", "--home", tmp_path], capture_output=True, text=True, timeout=60)
    assert "nothing runs" in done.stdout
    assert other.poll() is None
    claim(tmp_path)


def test_up_does_not_adopt_what_a_demo_still_runs_on(claimed) -> None:
    home, _ = claimed
    start_afresh(home)
    done = subprocess.run([*COMMAND, "up", "--home", home], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "already" in done.stderr
    (home / "clickhouse").mkdir()
    assert start_afresh(home), "the demo's data are not taken for a demo's any more"


def test_of_a_long_log_the_last_line_alone_is_read(tmp_path: Path) -> None:
    part = Part(load_settings(home=str(tmp_path)), "worker", "worker-1")
    assert part.last_words() == "it said nothing"
    part.log.parent.mkdir()
    part.log.write_text("a round\n" * 3_000_000 + "the end \N{BLACK HEART SUIT}\n\n")
    tracemalloc.start()
    try:
        assert part.last_words() == "the end \N{BLACK HEART SUIT}"
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
