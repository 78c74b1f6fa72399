"""The soak's own verdict sees what is wrong; a soak of seconds, run with `-m faults`, comes to its end."""

from datetime import UTC, datetime

import pytest

from sinks.clickhouse.client import WRITER_SETTINGS, Address, opened
from sinks.clickhouse.migrate import migrate
from tests.conftest import Server
from tests.faults.engines import Engines
from tests.faults.soak.load import Posts
from tests.faults.soak.run import Plan, judge, soak
from tests.faults.verdict import Verdict

MADE = datetime(2026, 1, 1, tzinfo=UTC)


def test_posts_that_are_missing_doubled_or_strange_are_seen(embedded_clickhouse: Server) -> None:
    posts = Posts(seed=1)
    while posts.made < 5:
        posts.next()
    posts.truth.counts.clear()  # of the posts alone
    stored = [(0, "soak-0"), (1, "soak-1"), (2, "soak-1"), (3, "soak-4"), (4, "soak-5"), (5, "other-2")]
    with opened(Address(*embedded_clickhouse, "default"), **WRITER_SETTINGS) as client:
        client.command("DROP DATABASE IF EXISTS soak_judge")
        migrate(client, "soak_judge")
        client.command("INSERT INTO counting_rules SELECT 60, ['US'], 1000, now()")
        client.command("INSERT INTO taxonomy_activations SELECT now(), 'v1'")
        rows = [[MADE, "posts@now", 0, offset, post_id, "v1"] for offset, post_id in stored]
        columns = ["posted_at", "source", "partition", "offset", "post_id", "taxonomy_version"]
        client.insert("job_posts", rows, column_names=columns)
        verdict = judge(client, posts)
    assert (verdict.lost, verdict.doubled) == (
        2,
        3,
    )  # 2 and 3; the second 1, 5 which was never sent, and other-2
    assert verdict.drift == 6  # posts without counts
    assert not verdict.exact


def test_a_repeat_counts_once_in_the_truth_whatever_its_title() -> None:
    posts = Posts(seed=2)
    keys = [posts.next().key for _ in range(2_000)]
    assert posts.made == len(set(keys)) < len(keys)
    assert sum(number for count, number in posts.truth.counts.items() if not count.skill) == posts.made


@pytest.mark.faults
@pytest.mark.timeout(300)
def test_a_soak_of_seconds_is_exact_and_catches_up(embedded_engines: Engines) -> None:
    plan = Plan(minutes=0.5, rate=300, faults_every=10, sample_every=1, seed=3, workers=1)
    outcome = soak(embedded_engines, plan, lambda _: None, lambda _: None)
    assert outcome.verdict == Verdict(lost=0, doubled=0, drift=0, wrong_counts=0)
    assert len(outcome.strikes) == 2
    assert len(outcome.samples) > 15
    assert outcome.posts > 6_000
