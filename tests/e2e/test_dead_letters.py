"""`skillpulse dead-letters` over a real broker and the real engine."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from aiokafka import AIOKafkaConsumer
from click.testing import CliRunner

from sinks.clickhouse.client import WRITER_SETTINGS, Address, opened
from sinks.clickhouse.migrate import migrate
from sinks.clickhouse.store import ClickHouseStore
from sinks.retry import Retry, RetryPolicy
from sinks.rows import DeadLetterRow
from streams.cli.dead_letters import command
from streams.sender import Sender
from streams.settings import load_settings
from streams.topics import Topics

DATABASE = "dead_letters_test"
TOPIC = "posts-of-dead-letters"
SOURCE = f"{TOPIC}@1"
NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)  # the table forgets after 90 days
LATER = f"{NOW + timedelta(minutes=1):%Y-%m-%dT%H:%M:%S}"
BAD_BYTES = b"\xff\x00{'"
ROWS = [
    DeadLetterRow(SOURCE, 3, 17, NOW, NOW, "not_utf8", "byte 0 is not valid UTF-8", b"k1", BAD_BYTES),
    DeadLetterRow(
        SOURCE,
        3,
        18,
        NOW,
        NOW,
        "unknown_version",
        "schema_version '2'",
        b"k2",
        b'{"schema_version": 2}',
    ),
    DeadLetterRow(SOURCE, 13, 18, NOW, NOW, "invalid", "[red]bold[/red]", b"k3", b"{}"),
]


def reject(address, rows):
    """Store dead letters as a worker does."""

    async def save():
        store = ClickHouseStore(address, "job-posts", "v1", Retry(RetryPolicy(5)))
        await store.save_responses(list(rows), [])
        await store.close()

    asyncio.run(save())


@pytest.fixture
def cli(tansu, embedded_clickhouse, tmp_path, monkeypatch):
    """Runs a subcommand in an installation that holds ROWS; returns its output."""
    server = embedded_clickhouse
    address = Address(server.url, server.user, server.password, DATABASE)
    environment = {
        "HOME": tmp_path,
        "BROKER": tansu,
        "CLICKHOUSE": server.url,
        "CLICKHOUSE_PASSWORD": server.password,
        "DATABASE": DATABASE,
        "JOB_POSTS_TOPIC": TOPIC,
        "PARTITIONS": "1",
    }
    for name, value in environment.items():
        monkeypatch.setenv(f"SKILLPULSE_{name}", str(value))
    with opened(address._replace(database="default"), **WRITER_SETTINGS) as client:
        client.command(f"DROP DATABASE IF EXISTS {DATABASE}")
        migrate(client, DATABASE)

    reject(address, ROWS)

    def run(*arguments, status=0):
        done = CliRunner().invoke(command, arguments, catch_exceptions=False)
        assert done.exit_code == status, done.output
        return done.output

    run.address = address

    return run


def listed(cli, *filters):
    return {json.loads(line)["position"] for line in cli("list", "--json", *filters).splitlines()}


def test_filters(cli):
    assert listed(cli) == {f"{SOURCE}:3:17", f"{SOURCE}:3:18", f"{SOURCE}:13:18"}
    assert listed(cli, "--reason", "invalid") == {f"{SOURCE}:13:18"}
    assert listed(cli, "--position", "3:18") == {f"{SOURCE}:3:18"}
    assert listed(cli, "--since", LATER) == set()
    assert listed(cli, "--until", LATER) == listed(cli)


def test_people_read_reasons_and_what_stood_there(cli):
    said = cli("list")
    assert "unknown_version" in said
    assert "[red]bold[/red]" in said, "content is never markup"
    assert json.loads(cli("show", "3:17"))["record_value"] == r"\xff\x00{'"


def test_replay_sends_the_bytes_once_with_the_first_position(cli, tansu, tmp_path):
    settings = load_settings()
    Topics(settings).ensure((settings.job_posts_topic,))
    assert "1 dead letters would be" in cli("replay", "--reason", "not_utf8", "--dry-run")
    assert "1 dead letters were" in cli("replay", "--reason", "not_utf8")
    assert "0 dead letters were" in cli("replay", "--reason", "not_utf8")

    async def read():
        consumer = AIOKafkaConsumer(
            settings.job_posts_topic, bootstrap_servers=tansu, auto_offset_reset="earliest"
        )
        await consumer.start()
        records = [await asyncio.wait_for(consumer.getone(), 10)]
        await consumer.stop()
        return records

    (record,) = asyncio.run(read())
    assert (record.key, record.value) == (b"k1", BAD_BYTES)
    assert dict(record.headers) == {"replayed-from": f"{SOURCE}:3:17".encode()}
    assert f"{SOURCE}:3:17" not in listed(cli)
    assert f"{SOURCE}:3:17" in listed(cli, "--all")


def test_replay_passes_over_what_no_record_can_hold_and_sends_the_others(cli):
    large = ROWS[0]._replace(offset=19, record_value=b"x" * 1_000_000)
    reject(cli.address, [large])
    Topics(load_settings()).ensure((TOPIC,))
    said = cli("replay", status=1)
    assert f"not sent: {SOURCE}:3:19: 1,000,000 bytes are more" in said
    assert "3 dead letters were sent again" in said
    assert listed(cli) == {f"{SOURCE}:3:19"}


def test_what_is_stored_during_a_replay_is_not_taken_for_sent(cli, monkeypatch):
    flush, late = (
        Sender.flush,
        ROWS[2]._replace(offset=20),
    )  # rejected before the replay, stored after its look

    def meanwhile(self):
        flush(self)
        reject(cli.address, [late])

    monkeypatch.setattr(Sender, "flush", meanwhile)
    Topics(load_settings()).ensure((TOPIC,))
    assert "3 dead letters were" in cli("replay")
    assert listed(cli) == {f"{SOURCE}:13:20"}


@pytest.mark.parametrize("position", ["3", "3:", "x", "3:1' OR '1'='1", ""])
def test_what_is_no_position_is_said(position):
    for words in (["list", "--position"], ["replay", "--position"], ["drop", "--position"], ["show"]):
        said = CliRunner().invoke(command, [*words, position])
        assert said.exit_code == 2
        assert "is no position" in said.output


def test_drop_deletes_what_was_chosen(cli):
    assert "1 dead letters deleted" in cli("drop", "--reason", "invalid", "--yes")
    assert listed(cli, "--all") == {f"{SOURCE}:3:17", f"{SOURCE}:3:18"}
