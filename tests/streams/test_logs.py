import json
import logging
import os
import subprocess
import sys

import pytest

from streams.batch import Batch
from streams.logs import JsonLines, Once, log_round
from tests.streams.test_exactness import LogRecord


def test_a_line_of_json_says_which_positions_are_durable(caplog):
    batch = Batch("posts@1", 3, [LogRecord(offset, 0, b"k", b"v") for offset in range(7, 10)])

    class Outcome:
        rejected = ["one"]

    outcome = Outcome()
    outcome.batch = batch
    with caplog.at_level(logging.INFO):
        log_round(logging.getLogger("worker"), "posts", [outcome])
    line = json.loads(JsonLines().format(caplog.records[0]))
    assert line["message"] == "posts durable: 3:7-9"
    assert line["batches"] == [
        {"partition": 3, "first_offset": 7, "last_offset": 9, "records": 3, "rejected": 1}
    ]
    assert (line["level"], line["logger"], line["topic"]) == ("INFO", "worker", "posts")
    assert line["time"].endswith("+00:00")


def test_an_exception_stays_on_its_line():
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        record = logging.LogRecord("a", 40, "f", 1, "failed", (), (ValueError, error, error.__traceback__))
    line = JsonLines().format(record)
    assert "\n" not in line
    assert "ValueError" in json.loads(line)["exception"]


def test_a_worker_says_in_json_too_why_it_ends(tmp_path):
    environment = {
        **os.environ,
        "SKILLPULSE_HOME": str(tmp_path),
        "SKILLPULSE_LOG_FORMAT": "json",
    }
    worker = [sys.executable, "-m", "streams", "worker"]
    ended = subprocess.run(worker, env=environment, capture_output=True, text=True)
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    assert (ended.returncode, lines[-1]["level"]) == (1, "CRITICAL")
    assert "no embedded broker runs" in lines[-1]["message"]


@pytest.fixture
def said_by():
    once = Once()

    def said(name, words, arguments, at):
        record = logging.LogRecord(name, logging.ERROR, "f", 1, words, arguments, None)
        record.created = at
        return record.getMessage() if once.filter(record) else None

    return said


def test_a_library_that_repeats_itself_is_heard_once_in_ten_seconds(said_by):
    at = 1e9
    assert said_by("aiokafka", "no node %d", (1,), at) == "no node 1"
    assert [said_by("aiokafka", "no node %d", (1,), at + i) for i in range(1, 10)] == [None] * 9
    assert said_by("aiokafka", "other words", (), at + 5) == "other words"
    assert (
        said_by("aiokafka", "no node %d", (2,), at + 11)
        == "no node 2 (and 9 times more since the last such line)"
    )
    assert said_by("aiokafka", "no node %d", (1,), at + 30) == "no node 1"


def test_what_we_say_ourselves_is_always_written(said_by):
    assert [said_by("streams.worker", "again", (), 1e9 + i) for i in range(3)] == ["again"] * 3
