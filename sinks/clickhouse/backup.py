"""Backups by the engine's own BACKUP and RESTORE, on the disk `backups` of its configuration.

Workers may go on meanwhile: the parts are made in the order that makes them one state. Posts are written before
their counts, so of whatever is counted in `counts` nothing is missing in `posts`; counts that are missing are added up
from the posts after a restore (`complete.py`).

    part     tables                          first in, or last, because
    rest     all others, and the views       rules, sources and taxonomies are there before anything is counted
    counts   skill_demand, category_demand   the last offset in them is where reading goes on
    posts    job_posts, dead_letters         written first: none before that offset is missing
"""

import re
import time
from collections.abc import Callable, Mapping
from typing import Final

from clickhouse_connect.driver.client import Client

from schemas.faults import Fault
from sinks.clickhouse.complete import complete
from sinks.clickhouse.migrate import migrate

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

_PARTS: Final = {
    "rest": (),
    "counts": ("skill_demand", "category_demand"),
    "posts": ("job_posts", "dead_letters"),
}
"""Part -> its tables, in the order of making them; `rest` holds what the others do not name."""

_LOOK: Final = 0.2
"""Seconds between looks at the engine's progress."""

_FREE: Final = "(SELECT min(free_space) FROM system.disks WHERE name = 'backups')"

_FULL: Final = 1 << 20
"""Bytes. The engine calls a backup made when the disk was full and files are cut off; then less than a page is left."""

_SAID: Final = 300
"""Characters of the engine's words that are passed on; of a damaged part it prints all columns."""

_OFFSETS: Final = """
SELECT source, partition, max(last_offset) + 1 FROM category_demand
WHERE taxonomy_version = (SELECT any(taxonomy_version) FROM active_taxonomy)
GROUP BY source, partition
"""


class BackupFailed(Fault):
    """The engine did not make or restore a backup; the message says why. What is stored is as it was."""


Resume = Mapping[tuple[str, int], int]
"""(source, partition) -> the offset at which workers go on after a restore."""


def backup(
    client: Client, database: str, name: str, base: str | None, show: Callable[[int], None] = lambda _: None
) -> int:
    """Write `database` to the backup `name`, without what stands in the backup `base`; returns the bytes.

    `show` gets the bytes so far.
    """
    _check(name)
    if base is not None:
        _check(base)
    size = 0
    for part, tables in _PARTS.items():
        what = _tables(database, tables) or f"DATABASE `{database}` EXCEPT TABLES {_others(database)}"
        since = f" SETTINGS base_backup = {_place(base, part)}" if base else ""
        size = _run(client, f"BACKUP {what} TO {_place(name, part)}{since}", size, show)
    return size


def restore(client: Client, database: str, name: str, show: Callable[[int], None] = lambda _: None) -> Resume:
    """Put the backup `name` into the empty `database` and bring it to this version's schema.

    Step 1  the parts, the last one first: a backup that was broken off lacks it
    Step 2  migrations that are newer than the backup
    Step 3  counts that the backup was made too early for, from their posts

    What does not come to its end leaves the place empty.
    """
    _check(name)
    client.database = None
    client.command(f"CREATE DATABASE IF NOT EXISTS `{database}`")
    tables = client.query(
        "SELECT name FROM system.tables WHERE database = {database:String}", {"database": database}
    )
    if tables.row_count:
        raise BackupFailed(
            f"database {database} holds tables: restore into an empty one (another SKILLPULSE_DATABASE or home)"
        )
    try:
        return _fill(client, database, name, show)
    except BaseException as error:
        # it was empty, and what a broken restore leaves stands in the way of the next, or looks whole to workers
        client.command(f"DROP DATABASE `{database}` SYNC")
        if isinstance(error, BackupFailed):
            raise BackupFailed(f"backup {name} was not restored, nothing of it is stored: {error}") from error
        raise


def _fill(client: Client, database: str, name: str, show: Callable[[int], None]) -> Resume:
    size = 0
    for part, names in reversed(_PARTS.items()):
        what = _tables(database, names) or f"DATABASE `{database}`"
        size = _run(client, f"RESTORE {what} FROM {_place(name, part)}", size, show)
    migrate(client, database)
    resume = {(source, partition): offset for source, partition, offset in client.query(_OFFSETS).result_rows}
    complete(client)
    return resume


def _run(client: Client, statement: str, before: int, show: Callable[[int], None]) -> int:
    """Run to the end; returns its bytes and those `before`. A connection need not last as long as a backup."""
    ticket, _ = client.query(f"{statement} ASYNC").result_rows[0]
    while True:
        rows = client.query(
            f"SELECT status, error, total_size, bytes_read, {_FREE} FROM system.backups WHERE id = {{id:String}}",
            {"id": ticket},
        ).result_rows
        if not rows:
            raise BackupFailed(
                "ClickHouse was started anew meanwhile: call again, a backup under another name"
            )
        status, error, total, done, free = rows[0]
        if free < _FULL and statement.startswith("BACKUP"):
            raise BackupFailed("the disk `backups` is full: make room, and call again under another name")
        if status in ("BACKUP_CREATED", "RESTORED"):
            return before + int(total)
        if status not in ("CREATING_BACKUP", "RESTORING"):
            raise BackupFailed(_reason(error) or f"ClickHouse says {status}")
        show(before + int(done))
        time.sleep(_LOOK)


def _check(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise BackupFailed(f"{name!r} is no name of a backup: letters, digits, `.`, `_` and `-`, at most 100")


def _tables(database: str, names: tuple[str, ...]) -> str:
    return ", ".join(f"TABLE `{database}`.{name}" for name in names)


def _others(database: str) -> str:
    return ", ".join(f"`{database}`.{name}" for names in _PARTS.values() for name in names)


def _place(name: str, part: str) -> str:
    return f"Disk('backups', '{name}/{part}')"


def _reason(error: str) -> str:
    words = error.partition("Stack trace")[0].strip(" ,\n")
    return " ".join(words.rpartition("DB::Exception: ")[2].split())[:_SAID]
