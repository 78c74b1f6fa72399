"""The query of every alert in both states: it stays silent over a sound database and fires where it should."""

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from clickhouse_connect.driver.client import Client

from dashboards.alerts.rule import Rule
from dashboards.alerts.rules import RULES
from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect
from tests.conftest import Server
from tests.dashboards.conftest import Boards
from tests.dashboards.filled import SOURCE, batches, fill

BY_UID = {rule.uid.removeprefix("skillpulse-"): rule for rule in RULES}


def values(client: Client, rule: Rule) -> list[float]:
    """The one number of each row, as Grafana's threshold sees them."""
    result = client.query(rule.query)
    if not result.result_rows:
        return []
    numbers = [
        at
        for at, kind in enumerate(result.column_types)
        if kind.base_type.startswith(("Float", "Int", "UInt"))
    ]
    assert len(numbers) == 1, f"{rule.uid}: exactly one number a row"
    assert not any(kind.base_type.startswith("Date") for kind in result.column_types)
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


def silence(client: Client) -> None:
    client.command(
        "ALTER TABLE job_posts DELETE WHERE posted_at > now() - INTERVAL 7 HOUR",
        settings={"mutations_sync": 2},
    )
    batches(client)
    client.command(
        f"INSERT INTO job_posts (posted_at, source, partition, offset, taxonomy_version, post_id, feed, category)"
        f" SELECT toDateTime(toUnixTimestamp(now()) - 604800 * (1 + number % 4) - 60 - number, 'UTC'), '{SOURCE}', 1,"
        " number, 'v1', toString(number), 'feed-a', 'web_development' FROM numbers(400)"
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
    client.command(
        "INSERT INTO category_demand SELECT toDateTime(intDiv(toUnixTimestamp(now()) - 600, 60) * 60, 'UTC'),"
        f" 'web_development', false, 'smb', 'US', '{SOURCE}', 2, 'v1', 200, 1"
    )


def signal(client: Client) -> None:
    client.command(
        "INSERT INTO hiring_signals (started_at, kind, item, direction, width, posts, expected) VALUES"
        " (now(), 'skill', 'python', 'spike', 3600, 90, 20)"
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


@pytest.fixture
def own(embedded_clickhouse: Server, request: pytest.FixtureRequest) -> Iterator[Client]:
    """A filled database of this test's own, which it may break."""
    url, user, password = embedded_clickhouse
    database = "alert_" + request.node.callspec.id.replace("-", "_")
    client = fill(Address(url, user, password, database))
    yield client
    client.close()
    cleaning = connect(Address(url, user, password, "default"), **WRITER_SETTINGS)
    cleaning.command(f"DROP DATABASE {database}")
    cleaning.close()


def test_every_rule_has_a_way_to_fire():
    assert set(BREAK) == set(BY_UID)


@pytest.mark.parametrize("uid", [uid for uid in BY_UID if uid not in ("refused-writes",)])
def test_silent_over_a_sound_database(boards: Boards, uid: str):
    assert not fires(boards.client, BY_UID[uid]), values(boards.client, BY_UID[uid])


@pytest.mark.parametrize("uid", [pytest.param(uid, id=uid) for uid in BREAK])
def test_fires(own: Client, uid: str):
    BREAK[uid](own)
    assert fires(own, BY_UID[uid]), values(own, BY_UID[uid])
