"""The demo: exact numbers from its bounded run, boards that move while it streams, and nothing left behind."""

import json
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboards.boards.common import LIVE_UID
from dashboards.builder.board import number
from streams.simulate import generate, load_scenario

pytestmark = pytest.mark.slow

POSTS, SEED = 1_500, 7
COMMAND = (Path(sys.executable).parent / "skillpulse", "demo")


def test_once_counts_every_post_of_the_scenario(tmp_path):
    options = ("--once", "--posts", str(POSTS), "--seed", str(SEED), "--anchor", "2025-12", "--json")
    done = subprocess.run(
        [*COMMAND, *options, "--home", str(tmp_path / "home")], capture_output=True, text=True, timeout=280
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    kinds = Counter(
        record.kind for record in generate(load_scenario("november"), POSTS, SEED, date(2025, 12, 1))
    )
    assert (said["posts"], said["repeats"], said["dead_letters"]) == (POSTS, kinds["repeat"], kinds["bad"])
    assert said["posts_in"] == kinds.total()
    assert said["drift"] == 0
    assert said["mentions"] > POSTS
    assert said["posts_per_second"] > 0
    assert not (tmp_path / "home" / "broker.json").exists(), "something was left running"


def test_the_boards_move_while_it_runs_and_are_gone_when_it_is_closed(tmp_path):
    home = tmp_path / "home"
    with demo(home, tmp_path / "said") as process:
        said = (tmp_path / "said").read_text
        board = until(lambda: re.search(r"board\s+(http://\S+)", said()))[1]
        until(lambda: "drift 0" in said())
        before = live_posts(board)
        assert before > 0, "the history does not reach up to now"
        until(lambda: live_posts(board) > before)
        assert newest_age(board) < 60
        parts = children(process.pid)
        assert len(parts) >= 4, "broker, ClickHouse, worker, board"
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0, said()
        assert [pid for pid in parts if Path(f"/proc/{pid}").exists()] == []
        with pytest.raises(OSError):
            live_posts(board)


@contextmanager
def demo(home: Path, said: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A demo in `home` with a few thousand posts and a lively wave; it is stopped at the end whatever happens."""
    with said.open("wb") as out:
        process = subprocess.Popen(
            [*COMMAND, "--posts", str(POSTS), "--rate", "5", "--home", str(home)], stdout=out, stderr=out
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def until(seen: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 200
    while not (found := seen()):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    return found


def live_posts(board: str) -> float:
    """Posts of the last six hours as the live board shows them."""
    return answer(board, "posts")


def newest_age(board: str) -> float:
    return answer(board, "newest")


def answer(board: str, panel: str) -> float:
    asked = {
        "panel": number(panel),
        "from": "now-6h",
        "to": "now",
        "variables": {"group": ["$__all"], "ai": ["$__all"]},
    }
    request = urllib.request.Request(
        f"{board}/api/boards/{LIVE_UID}/query",
        json.dumps(asked).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)["rows"][0][0]


def children(pid: int) -> list[int]:
    """The processes that it started, in each of its threads."""
    lists = (file.read_text() for file in Path(f"/proc/{pid}/task").glob("*/children"))
    return [int(child) for line in lists for child in line.split()]
