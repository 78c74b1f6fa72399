"""History comes in once, however often and from wherever it is brought."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from sinks.clickhouse.migrate import migrate
from tests.conftest import Server
from tests.faults.engines import Engines
from tests.faults.naive import Naive
from tests.faults.posts import Event, Mix, posts
from tests.faults.processes import environment_of
from tests.faults.site import Site
from tests.faults.verdict import Verdict, judge
from tests.streams.live_worker import live_settings, live_worker

EXACT = Verdict(lost=0, doubled=0, drift=0, wrong_counts=0)


def skillpulse(environment: dict[str, str], *words: str, status: int = 0) -> str:
    command = [sys.executable, "-m", "streams", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == status, done.stderr
    return done.stdout or done.stderr


def file_of(events: list[Event], path: Path) -> str:
    path.write_bytes(b"\n".join(event.value or b"" for event in events))
    return str(path)


@pytest.mark.slow
def test_a_file_counts_once_even_when_the_workers_have_long_forgotten_it(
    tansu: str, embedded_clickhouse: Server, tmp_path: Path
) -> None:
    settings = live_settings(tmp_path, tansu, embedded_clickhouse, "backfill_files")
    settings = settings.model_copy(update={"partitions": 1, "sightings_window": 1_000})
    rng, naive = random.Random(8), Naive()
    history = list(posts(400, rng, Mix(repeats=0.1), name="history"))
    between = list(posts(1_500, rng, Mix(repeats=0), name="between"))
    naive.count(history)
    naive.count(between)
    old, new = file_of(history, tmp_path / "old.jsonl"), file_of(between, tmp_path / "new.jsonl")
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"post_id": "x"}\n')
    environment = environment_of(settings)
    with live_worker(settings) as (_, client):
        first = json.loads(skillpulse(environment, "backfill", old, "--json"))
        assert (first["sent"], first["stored"]) == (400, 0)
        skillpulse(environment, "backfill", new)
        again = json.loads(skillpulse(environment, "backfill", old, str(bad), "--json", status=1))
        assert (again["sent"], again["stored"], again["rejected"]) == (0, 400, 1)
        client.database = settings.database
        assert judge(client, naive) == EXACT


@pytest.mark.slow
@pytest.mark.kafka
def test_the_topic_rebuilds_a_database_that_was_lost_and_changes_none_that_is_there(
    kafka_engines: Engines,
) -> None:
    site = Site(kafka_engines, "e2e-backfill", workers=1)
    worker = site.workers[0]
    environment = worker.environment
    try:
        site.send(posts(1_000, random.Random(9), Mix(0.1, 0.1)))
        for lost in (False, True):
            worker.start()
            site.wait(site.drained, "the end of the topic")
            with site.client() as client:
                assert judge(client, site.naive) == EXACT
            if not lost:
                said = skillpulse(environment, "backfill", "--topic", status=1)
                assert "are running: stop them first" in said
            worker.stop()
            if lost:
                with site.client("default") as client:
                    client.command(f"DROP DATABASE {site.settings.database}")
                    migrate(client, site.settings.database)
            assert json.loads(skillpulse(environment, "backfill", "--topic", "--json")) == {"records": 1_000}
        worker.start()
        site.wait(site.drained, "the end of the topic")
        with site.client() as client:
            assert judge(client, site.naive) == EXACT
    finally:
        site.close()


def test_files_or_the_topic_must_be_named(tmp_path: Path) -> None:
    assert "name files, or --topic" in skillpulse({"SKILLPULSE_HOME": str(tmp_path)}, "backfill", status=2)
