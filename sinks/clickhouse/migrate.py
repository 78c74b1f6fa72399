"""Migrations: numbered SQL files, applied once and in order; views, replaced whenever their text changes."""

import hashlib
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

from clickhouse_connect.driver.client import Client

from schemas.faults import Fault
from sinks.clickhouse.cluster import on_cluster

_HERE: Final = Path(__file__).parent
_NAME: Final = re.compile(r"\d{4}_[a-z0-9_]+")
_INCLUDE: Final = re.compile(r"^ *-- include (\w+)(,?)$", re.MULTILINE)
"""A line of a view that stands for a file of `views/parts`, with a comma after it where the line has one."""

_LEDGER: Final = """
CREATE TABLE IF NOT EXISTS schema_migrations
(
    name String COMMENT 'File of the migration or view, without its ending.',
    checksum String COMMENT 'SHA-256 of its text: an applied migration must never change.',
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When it was applied.'
)
ENGINE = ReplacingMergeTree(applied_at)
ORDER BY name
COMMENT 'The migrations and views that were applied to this database.'
"""


class ChangedMigration(Fault):
    """A migration that was applied before has another text now: the database cannot be trusted to fit the code."""


class Step(NamedTuple):
    """One SQL file."""

    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def statements(sql: str, database: str, cluster: str = "") -> Iterator[str]:
    """The statements of a file as they are run: each ends with a semicolon at the end of a line."""
    for piece in re.split(r";\s*$", sql, flags=re.MULTILINE):
        if re.sub(r"^\s*--.*$", "", piece, flags=re.MULTILINE).strip():
            yield from on_cluster(piece.strip(), database, cluster) if cluster else [piece.strip()]


def migrations() -> list[Step]:
    """The numbered migrations, in order."""
    return _steps(_HERE / "migrations")


def views() -> list[Step]:
    """The views, in the order of their names: a view may read those before it."""
    return [Step(view.name, _INCLUDE.sub(_included, view.sql)) for view in _steps(_HERE / "views")]


def pending(client: Client) -> list[Step]:
    """What `migrate` would apply. Raises ChangedMigration."""
    return [*chain(*_pending(client))]


def migrate(client: Client, database: str, cluster: str = "") -> list[str]:
    """Bring `database` to the schema of this code; returns the names of what was applied. Safe to repeat.

    `client` must be of a user who may create the database; it need not exist yet. On a cluster it is made everywhere.
    """
    client.database = None
    everywhere = f" ON CLUSTER '{cluster}'" if cluster else ""
    client.command(f"CREATE DATABASE IF NOT EXISTS `{database}`{everywhere}")
    client.database = database
    for statement in statements(_LEDGER, database, cluster):
        client.command(statement)
    once, replaced = _pending(client)
    for step in once:
        _apply(client, [step], database, cluster)
    if replaced:  # recorded together, which takes half the time: one that is not recorded is replaced again
        _apply(client, replaced, database, cluster)
    return [step.name for step in (*once, *replaced)]


def _pending(client: Client) -> tuple[list[Step], list[Step]]:
    """The migrations and the views that are not applied. Raises ChangedMigration."""
    rows = client.query("SELECT name, checksum FROM schema_migrations FINAL").result_rows
    applied = {str(name): str(checksum) for name, checksum in rows}
    for step in migrations():
        if applied.get(step.name, step.checksum) != step.checksum:
            raise ChangedMigration(
                f"migration {step.name} was applied with another text: restore the file, put changes into a new one"
            )
    return (
        [step for step in migrations() if step.name not in applied],
        [step for step in views() if applied.get(step.name) != step.checksum],
    )


def _apply(client: Client, steps: list[Step], database: str, cluster: str) -> None:
    for step in steps:
        for statement in statements(step.sql, database, cluster):
            client.command(statement)
    rows = [[step.name, step.checksum] for step in steps]
    client.insert("schema_migrations", rows, column_names=["name", "checksum"])


def _included(line: re.Match[str]) -> str:
    return (_HERE / "views" / "parts" / f"{line[1]}.sql").read_text().rstrip() + line[2]


def _steps(folder: Path) -> list[Step]:
    files = sorted(folder.glob("*.sql"))
    assert all(_NAME.fullmatch(file.stem) for file in files), f"files of {folder} are named NNNN_words.sql"
    return [Step(file.stem, file.read_text()) for file in files]
