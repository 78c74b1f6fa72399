"""Posts through a real worker process: the counts equal a naive counter's, whatever stands between the posts."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.rejected import REASONS
from tests.faults.engines import Engines
from tests.faults.hostile import hostile_events, odd_but_good
from tests.faults.posts import Event, Mix, posts
from tests.faults.site import Site
from tests.faults.verdict import Verdict, judge

HOSTILE = 1_000
BROKERS_LIMIT = 1_048_000
"""Bytes of a record that Apache Kafka takes by default, less its own overhead."""
YEAR_9999_MS = 253402300799000


def from_jsonl(path: Path) -> list[Event]:
    lines = path.read_bytes().splitlines()
    return [Event(json.loads(line)["post_id"].encode(), line) for line in lines]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_counts_equal_a_naive_counters_and_hostile_records_end_as_dead_letters(
    engines: Engines, tmp_path: Path
) -> None:
    rng = random.Random(20)
    path = tmp_path / "posts.jsonl"
    path.write_bytes(b"\n".join(event.value or b"" for event in posts(2_000, rng, Mix(0.05, 0.05))))
    good = [*from_jsonl(path), *odd_but_good(rng)]
    if engines.tansu:  # Apache Kafka itself refuses such a time
        good += [event._replace(timestamp=YEAR_9999_MS) for event in posts(50, rng, Mix(0, 1), name="late")]
    hostile = list(hostile_events(HOSTILE, rng, BROKERS_LIMIT))
    site = Site(engines, "e2e-hostile", workers=1, cached_counts=300)
    try:
        worker = site.workers[0]
        worker.start()
        for part in range(10):
            site.send(good[part::10])
            site.send(hostile[part::10], counted=False)
        site.wait(site.drained, "the end of the topic")
        assert worker.restarts == 0, worker.words()
        with site.client() as client:
            assert judge(client, site.naive) == Verdict(lost=0, doubled=0, drift=0, wrong_counts=0)
            rejected = client.query(
                "SELECT reason, detail, partition, offset FROM dead_letters FINAL"
            ).result_rows
            read = client.query("SELECT sum(repeats), sum(dead_letters) FROM pipeline_batches").result_rows
        assert len(rejected) == HOSTILE
        assert {reason for reason, *_ in rejected} <= set(REASONS)
        assert all(10 <= len(detail) <= 500 for _, detail, *_ in rejected)
        assert read == [(len(good) - len(site.naive.first), HOSTILE)]
        assert site.dead_letters_in_topic() == {(partition, offset) for _, _, partition, offset in rejected}
        audit = subprocess.run(
            [sys.executable, "-m", "streams", "audit", "--json"],
            env=worker.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(audit.stdout)["drift"] == 0
        assert json.loads(audit.stdout)["posts"] == len(site.naive.first)
    finally:
        site.close()
