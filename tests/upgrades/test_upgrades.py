"""A database of an earlier version keeps its numbers when it is migrated, and counting goes on in it."""

import asyncio
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest
import zstandard
from click.testing import CliRunner
from clickhouse_connect.driver.client import Client

from sinks.clickhouse.audit import audit
from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect
from sinks.clickhouse.installation import active_taxonomy
from sinks.clickhouse.migrate import migrate, pending
from sinks.clickhouse.store import ClickHouseStore
from sinks.retry import Retry, RetryPolicy
from streams.batch import Batch
from streams.classify import load_classifier
from streams.cli.audit import command as audit_command
from streams.cli.prune import command as prune_command
from streams.recount_run import recount_history
from streams.settings import Settings
from tests.conftest import Server
from tests.sinks.clickhouse.filled import LogRecord, pipeline
from tests.streams.counting import count
from tests.upgrades.dump import FIGURES, SOURCE

DUMPS = sorted(Path(__file__).parent.glob("*.jsonl.zst"))
DATABASE = "earlier"  # the name stands in the dumps


class Earlier(NamedTuple):
    """The database as it was, and what its views said."""

    client: Client
    address: Address
    figures: dict[str, list[list[Any]]]


@pytest.fixture(params=[pytest.param(dump, id=dump.name.partition(".")[0]) for dump in DUMPS])
def earlier(request: pytest.FixtureRequest, embedded_clickhouse: Server) -> Iterator[Earlier]:
    address = Address(*embedded_clickhouse, DATABASE)
    client = connect(address._replace(database="default"), **WRITER_SETTINGS)
    client.command(f"DROP DATABASE IF EXISTS {DATABASE}")
    client.command(f"CREATE DATABASE {DATABASE}")
    client.database = DATABASE
    rows: dict[str, list[Any]] = {}
    figures: dict[str, list[list[Any]]] = {}
    with request.param.open("rb") as raw, zstandard.ZstdDecompressor().stream_reader(raw) as plain:
        for line in map(json.loads, io.TextIOWrapper(plain, "utf-8")):
            if "sql" in line:
                client.command(line["sql"])
            elif "row" in line:
                rows.setdefault(line["table"], []).append(line["row"])
            else:
                figures = line["figures"]
    for table, of_table in rows.items():
        lines = "\n".join(map(json.dumps, of_table))
        client.raw_insert(table, insert_block=lines, fmt="JSONEachRow")
    yield Earlier(client, address, figures)
    client.command(f"DROP DATABASE {DATABASE}")
    client.close()


def figures(client: Client) -> dict[str, list[list[Any]]]:
    return {name: sorted(map(list, client.query(query).result_rows)) for name, query in FIGURES.items()}


def drift(client: Client) -> int:
    return sum(day.drift for day in audit(client, sleep=lambda _: None))


def refusal(command: click.Command, address: Address) -> BaseException | None:
    """Why the command does not work there."""
    user, password = address.user, address.password
    environment = {
        "CLICKHOUSE": address.url,
        "CLICKHOUSE_USER": user,
        "CLICKHOUSE_PASSWORD": password,
        "CLICKHOUSE_READER": user,
        "CLICKHOUSE_READER_PASSWORD": password,
        "DATABASE": address.database,
    }
    named = {f"SKILLPULSE_{name}": value for name, value in environment.items()}
    return CliRunner().invoke(command, env=named).exception


def test_there_is_a_dump() -> None:
    assert DUMPS


@pytest.mark.slow
def test_an_earlier_database_is_migrated_and_keeps_its_numbers(earlier: Earlier) -> None:
    client, said = earlier.client, {name: sorted(rows) for name, rows in earlier.figures.items()}
    assert len(said["categories"]) > 100
    assert pending(client)
    for command in (audit_command, prune_command):
        assert "run `skillpulse migrate`" in str(refusal(command, earlier.address))
    migrate(client, DATABASE)
    assert not pending(client)
    assert figures(client) == said
    assert drift(client) == 0
    posts = sum(row[-1] for row in said["categories"])
    former = active_taxonomy(client)
    classifier = load_classifier()
    settings = Settings(
        clickhouse=earlier.address.url,
        clickhouse_user=earlier.address.user,
        clickhouse_password=earlier.address.password,
        database=DATABASE,
    )
    done = asyncio.run(recount_history(settings))
    assert (done.former, done.posts) == (former, posts)
    assert active_taxonomy(client) == classifier.taxonomy_version
    assert sum(row[-1] for row in figures(client)["categories"]) == posts
    assert drift(client) == 0
    assert asyncio.run(_go_on(earlier, classifier)) == (1, 1)
    assert sum(row[-1] for row in figures(client)["categories"]) == posts + 1
    assert drift(client) == 0


async def _go_on(earlier: Earlier, classifier: Any) -> tuple[int, int]:
    """Count a new post and a repeat of the earlier version's last one; returns (new, repeats)."""
    last, known = earlier.client.query("SELECT max(offset), argMax(post_id, offset) FROM posts").result_rows[
        0
    ]
    store = ClickHouseStore(earlier.address, "job-posts", classifier.taxonomy_version, Retry(RetryPolicy(10)))
    now = datetime.now(UTC)
    log = [
        LogRecord(
            last + number,
            int(now.timestamp() * 1e3),
            post_id.encode(),
            json.dumps({"post_id": post_id, "title": "Python", "posted_at": now.isoformat()}).encode(),
        )
        for number, post_id in enumerate((known, "a-new-one"), 1)
    ]
    [tally] = await count(pipeline(store, classifier, lambda: now), [Batch(SOURCE, 0, log)])
    await store.close()
    return tally.posts, tally.repeats
