"""The query of every alert in both states: it stays silent over a sound database and fires where it should."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from clickhouse_connect.driver.client import Client

from dashboards.alerts.rule import Rule
from dashboards.alerts.rules import RULES
from sinks.clickhouse.client import Address
from sinks.embedded.process import EmbeddedClickHouse
from tests.conftest import Server
from tests.dashboards.filled import batches, fill

BY_UID = {rule.uid.removeprefix("skillpulse-"): rule for rule in RULES}


def values(client: Client, rule: Rule, zone: str = "UTC") -> list[float]:
    """The one number of each row, as Grafana's threshold sees them. It refuses rows that are named alike."""
    result = client.query(rule.query, settings={"session_timezone": zone})
    if not result.result_rows:
        return []
    numbers = [
        at
        for at, kind in enumerate(result.column_types)
        if kind.base_type.startswith(("Float", "Int", "UInt"))
    ]
    assert len(numbers) == 1, f"{rule.uid}: exactly one number a row"
    assert not any(kind.base_type.startswith("Date") for kind in result.column_types)
    names = [(*row[: numbers[0]], *row[numbers[0] + 1 :]) for row in result.result_rows]
    assert len(names) == len(set(names)), f"{rule.uid}: rows that are named alike"
    return [row[numbers[0]] for row in result.result_rows]


def fires(client: Client, rule: Rule) -> bool:
    return any(rule.fires(value) for value in values(client, rule))


def stall(client: Client) -> None:
    client.command("TRUNCATE TABLE job_posts")
    client.command("TRUNCATE TABLE pipeline_batches")


def reject(client: Client) -> None:
    batches(client, bad=50)


def delay(client: Client) -> None:
    batches(client, lag_ms=600_000, count=3000)


def silence(client: Client, feed: str = "feed-b") -> None:
    client.command(
        f"ALTER TABLE job_posts DELETE WHERE feed = '{feed}' AND posted_at > now() - INTERVAL 7 HOUR",
        settings={"mutations_sync": 2},
    )


def drift(client: Client) -> None:
    client.command(
        "ALTER TABLE skill_demand DELETE WHERE pane_start > now() - INTERVAL 1 DAY",
        settings={"mutations_sync": 2},
    )


def collapse(client: Client) -> None:
    client.command(
        "ALTER TABLE skill_demand DELETE WHERE pane_start > now() - INTERVAL 1 HOUR",
        settings={"mutations_sync": 2},
    )


def signal(client: Client) -> None:
    client.command(
        "INSERT INTO hiring_signals (started_at, kind, item, direction, width, posts, expected) VALUES"
        " (now() - 900, 'skill', 'python', 'spike', 86400, 300, 100), (now(), 'skill', 'python', 'spike', 3600, 90, 20)"
    )


def refuse(client: Client) -> None:
    client.command(
        "CREATE TABLE full_of_parts (n UInt8) ENGINE = MergeTree ORDER BY n SETTINGS parts_to_throw_insert = 1"
    )
    for _ in range(3):
        with suppress(Exception):  # an engine may refuse at once or wait for its merges first
            client.command("INSERT INTO full_of_parts VALUES (1)")


def scatter(client: Client) -> None:
    client.command("CREATE TABLE scattered (n UInt32) ENGINE = MergeTree ORDER BY n")
    client.command("SYSTEM STOP MERGES scattered")
    client.command(
        "INSERT INTO scattered SELECT number FROM numbers(400) SETTINGS max_block_size = 1,"
        " min_insert_block_size_rows = 1, min_insert_block_size_bytes = 1, max_threads = 1, max_insert_threads = 1"
    )


_PAST_SIGNALS = (
    "INSERT INTO hiring_signals (started_at, ended_at, kind, item, direction, width, posts, expected) VALUES"
    " (now() - 7200, now() - 3600, 'skill', 'python', 'spike', 3600, 90, 20),"
    " (now() - 600, NULL, 'skill', 'logo', 'drop', 3600, 1, 20)"
)
"""A spike that is over, and a drop: nobody is called for them."""

BREAK: dict[str, Callable[[Client], None]] = {
    "ingest-stalled": stall,
    "event-to-query-lag": delay,
    "dead-letters": reject,
    "feed-silent": silence,
    "extraction-collapse": collapse,
    "audit-drift": drift,
    "many-parts": scatter,
    "refused-writes": refuse,
    "hiring-signal": signal,
}


NO_ROW_IS_SOUND = {"hiring-signal", "refused-writes"}
"""Rules whose query lists what is wrong; all others measure something that must be there to be judged."""


@contextmanager
def filled(server: Server, name: str) -> Iterator[Client]:
    """A sound, busy database that is dropped at the end."""
    database = "alert_" + name.replace("-", "_")
    address = Address(server.url, server.user, server.password, database)
    client = fill(address, busy=True)
    try:
        yield client
    finally:
        client.command(f"DROP DATABASE {database}")
        client.close()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """On an engine of its own: refused writes of other tests are remembered by theirs."""
    with EmbeddedClickHouse(tmp_path_factory.mktemp("sound")) as engine:
        endpoint = engine.endpoint
        with filled(Server(endpoint.url, endpoint.user, endpoint.password), "sound") as client:
            client.command(_PAST_SIGNALS)
            yield client


@pytest.fixture
def own(embedded_clickhouse: Server, request: pytest.FixtureRequest) -> Iterator[Client]:
    """A filled database of this test's own, which it may break."""
    name = request.node.callspec.id if hasattr(request.node, "callspec") else "own"
    with filled(embedded_clickhouse, name) as client:
        yield client


def test_every_rule_has_a_way_to_fire():
    assert set(BREAK) == set(BY_UID)


@pytest.mark.parametrize("uid", BY_UID)
def test_silent_over_a_sound_database(sound: Client, uid: str):
    measured = values(sound, BY_UID[uid])
    assert bool(measured) == (uid not in NO_ROW_IS_SOUND)
    assert not fires(sound, BY_UID[uid]), measured


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("uid", BY_UID)
def test_the_zone_of_the_server_changes_no_verdict(sound: Client, uid: str, zone: str):
    measured = values(sound, BY_UID[uid], zone)
    assert len(measured) == len(values(sound, BY_UID[uid]))
    assert not any(map(BY_UID[uid].fires, measured)), measured


@pytest.mark.parametrize("uid", [pytest.param(uid, id=uid) for uid in BREAK])
def test_fires(own: Client, uid: str):
    BREAK[uid](own)
    assert fires(own, BY_UID[uid]), values(own, BY_UID[uid])


def test_the_silent_feed_is_named_and_a_small_one_is_not_judged(own: Client):
    silence(own, "feed-a")  # 24 posts in six hours are its custom, fewer than the 30 that a verdict needs
    assert not fires(own, BY_UID["feed-silent"])
    silence(own, "feed-b")
    assert own.query(BY_UID["feed-silent"].query).result_rows == [("feed-b", 0.0)]
