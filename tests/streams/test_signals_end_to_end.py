"""A spike on its whole way: posts of five weeks through a worker, found at its next look, told, kept and shown."""

import asyncio
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
import pytest
from clickhouse_connect.driver.client import Client
from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

from schemas.hiring_signal import HiringSignal
from sinks.clickhouse.client import Address
from sinks.clickhouse.signals import counts_in
from streams.sender import Sender
from streams.settings import Settings
from streams.signal_watch import SignalWatch, looks
from streams.signals import ALL, HOUR, MINUTE, WEEK, Rules
from tests.conftest import Server
from tests.faults.processes import Worker
from tests.streams.live_worker import live_settings, live_worker, wait

BEFORE, AFTER = 90 * MINUTE, HOUR
A_MINUTE = 2
SPIKE = 150


@pytest.fixture(scope="module")
def live(
    tmp_path_factory: pytest.TempPathFactory, tansu: str, embedded_clickhouse: Server
) -> Iterator[tuple[Settings, Worker, Client]]:
    settings = live_settings(tmp_path_factory.mktemp("signals"), tansu, embedded_clickhouse, "signals_live")
    with live_worker(settings) as (worker, client):
        yield settings, worker, client


def moments(now: int) -> Iterator[tuple[str, int]]:
    """Title and time of every post: steady in five weeks, and many for one skill just now."""
    for week in range(5):
        until = now if week == 0 else now + AFTER
        for moment in range(now - BEFORE, until, MINUTE // A_MINUTE):
            yield "Logo design in Adobe Illustrator", moment - week * WEEK
            yield "Python developer", moment - week * WEEK
    for number in range(SPIKE):
        yield "Python developer", now - MINUTE - number  # before the look, whichever minute that ends


def send(settings: Settings, now: int) -> int:
    posts = list(moments(now))
    with Sender(settings, settings.job_posts_topic) as sender:
        for number, (title, moment) in enumerate(posts):
            post_id, posted_at = f"p{number}", datetime.fromtimestamp(moment, UTC).isoformat()
            post = {"post_id": post_id, "title": title, "posted_at": posted_at}
            sender.send(post_id.encode(), json.dumps(post).encode())
    return len(posts)


def events(settings: Settings) -> list[HiringSignal]:
    consumer = Consumer({"bootstrap.servers": settings.broker, "group.id": "reader"})
    consumer.assign([TopicPartition(settings.signals_topic, part, OFFSET_BEGINNING) for part in range(2)])
    found = []
    while message := consumer.poll(3):
        assert message.error() is None
        event = msgspec.json.decode(message.value(), type=HiringSignal)
        assert message.key().decode() == f"{event.kind}:{event.item}"
        found.append(event)
    consumer.close()
    return found


def test_a_spike_is_found_told_and_kept_once(live: tuple[Settings, Worker, Client]) -> None:
    settings, worker, client = live
    sent = send(settings, int(time.time()))
    wait(worker, lambda: client.query("SELECT sum(posts) FROM category_panes").result_rows[0][0] == sent)
    wait(worker, lambda: client.query("SELECT count() FROM hiring_signals").result_rows[0][0], seconds=150)

    shown = client.query("SELECT kind, item, direction, posts, lasts FROM signals").result_rows
    python = next(row for row in shown if row[:2] == ("skill", "python"))
    assert python[2:] == ("spike", python[3], True)
    assert python[3] >= SPIKE
    assert not any("illustrator" in item for _, item, *_ in shown)
    told = {(event.kind, event.item, event.posts) for event in events(settings)}
    assert told == {(kind, item, posts) for kind, item, _, posts, _ in shown}
    text, tags = client.query(
        "SELECT text, tags FROM signal_annotations WHERE kind = 'skill' AND item = 'python'"
    ).result_rows[0]
    assert text.startswith("Python: ")
    assert tags == "spike,skill,python"

    at = int(client.query("SELECT min(started_at) FROM hiring_signals").result_rows[0][0].timestamp())
    rows = client.query("SELECT * FROM hiring_signals FINAL ORDER BY ALL").result_rows
    assert {(s.kind, s.item) for s in repeated(settings, at)} == {(kind, item) for kind, item, *_ in shown}
    assert client.query("SELECT * FROM hiring_signals FINAL ORDER BY ALL").result_rows == rows


def repeated(settings: Settings, at: int) -> list:
    """The look at `at` once more, as another worker would make it."""

    async def unheard(key: bytes, value: bytes) -> None:
        return

    password = settings.clickhouse_password.get_secret_value()
    address = Address(settings.clickhouse, settings.clickhouse_user, password, settings.database)
    rules = Rules(1.0, 10, 1.5, HOUR)
    watch = SignalWatch(address, rules, 60, lambda: True, unheard, lambda: datetime.now(UTC))
    return asyncio.run(watch.look(at))


def test_looks_hold_the_counts_of_their_windows(live: tuple[Settings, Worker, Client]) -> None:
    _, _, client = live
    at = int(time.time()) // MINUTE * MINUTE
    for look in looks(client, at, 60):
        total = look.observations[0]
        assert (total.kind, total.item) == (ALL, ALL)
        by_category = [seen for seen in look.observations if seen.kind == "category"]
        assert total.posts == sum(seen.posts for seen in by_category)
        query = """
        SELECT sum(posts) FROM skill_panes WHERE skill = 'python'
          AND pane_start >= {since:DateTime('UTC')} AND pane_start < {until:DateTime('UTC')}
        """
        range_ = {
            "since": datetime.fromtimestamp(at - look.width, UTC),
            "until": datetime.fromtimestamp(at, UTC),
        }
        python = next(seen for seen in look.observations if seen.item == "python")
        assert python.posts == client.query(query, range_).result_rows[0][0]
    assert counts_in(client, "category_panes", "category", [(0, MINUTE)]) == {}
    assert [look.width for look in looks(client, at, HOUR)] == [HOUR, 24 * HOUR]
