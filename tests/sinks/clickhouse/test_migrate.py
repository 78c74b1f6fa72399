"""A migration is applied once, a view whenever its text changes, and what was broken off goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from sinks.clickhouse.client import WRITER_SETTINGS, Address, opened
from sinks.clickhouse.migrate import ChangedMigration, Step, migrate, migrations, pending, views
from tests.conftest import Server

DATABASE = "migrated_in_steps"
MIGRATIONS, VIEWS = [step.name for step in migrations()], [step.name for step in views()]


@pytest.fixture(scope="module")
def client(embedded_clickhouse: Server) -> Iterator[Client]:
    with opened(Address(*embedded_clickhouse, "default"), **WRITER_SETTINGS) as client:
        yield client


@contextmanager
def lost_at(client: Client, step: Step) -> Iterator[None]:
    """The connection is gone before the first statement of `step`."""
    run = client.command

    def command(statement: str, *arguments: Any, **options: Any) -> Any:
        if step.sql.startswith(statement):
            raise ConnectionError
        return run(statement, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch, pytest.raises(ConnectionError):
        patch.setattr(client, "command", command)
        yield


def waiting(client: Client) -> list[str]:
    return [step.name for step in pending(client)]


def test_what_was_broken_off_goes_on(client: Client) -> None:
    with lost_at(client, migrations()[3]):
        migrate(client, DATABASE)
    assert waiting(client) == MIGRATIONS[3:] + VIEWS
    with lost_at(client, views()[20]):
        migrate(client, DATABASE)
    assert waiting(client) == VIEWS
    assert migrate(client, DATABASE) == VIEWS
    assert waiting(client) == migrate(client, DATABASE) == []


def test_a_view_of_another_text_is_replaced_and_a_migration_refused(client: Client) -> None:
    migrate(client, DATABASE)
    columns = ["name", "checksum"]
    client.insert("schema_migrations", [[VIEWS[20], "another"]], column_names=columns)
    assert migrate(client, DATABASE) == [VIEWS[20]]
    client.insert("schema_migrations", [[MIGRATIONS[3], "another"]], column_names=columns)
    with pytest.raises(ChangedMigration, match=MIGRATIONS[3]):
        migrate(client, DATABASE)
