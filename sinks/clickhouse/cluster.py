"""The schema on a cluster: the same migrations, with tables that are replicated and, the large ones, sharded.

    one server                          cluster
    job_posts, skill_demand,            <name>_shard: replicated within each shard
    category_demand                     <name>: Distributed over them; what is read and written
    every other table                   replicated on all servers: what is joined to a shard's rows lies beside them
    views                               made on all servers, unchanged

A row's shard follows from its source partition. So all versions of a count and all replays of a post lie in one shard,
where FINAL finds them, and a batch goes to one shard.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

SHARDED: Final = ("job_posts", "skill_demand", "category_demand")
"""What grows with the posts. Each has the columns `source` and `partition`."""

SETTINGS: Final[dict[str, Any]] = {
    # a count is loaded by whoever has its partition now, from any replica: it must see all that was confirmed
    "insert_quorum": "auto",
    "insert_quorum_parallel": 0,
    "select_sequential_consistency": 1,
    "insert_quorum_timeout": 60_000,  # ms; then the insert fails, and is tried again
    "distributed_foreground_insert": 1,  # confirmed means: written by the shard, not queued for it
}
"""Said with every request of a writer on a cluster, beside WRITER_SETTINGS."""

_SHARD_OF: Final = "cityHash64(source, partition)"
_CREATE_TABLE: Final = re.compile(r"^CREATE TABLE (IF NOT EXISTS )?(\w+)\n", re.MULTILINE)
_ENGINE: Final = re.compile(r"^ENGINE = (\w*MergeTree)(?:\(([^)]*)\))?$", re.MULTILINE)
_COMMENT: Final = re.compile(r"^COMMENT '(?:[^']|'')*'$", re.MULTILINE)
_OTHER: Final = re.compile(
    r"^(ALTER TABLE|DROP TABLE|DROP VIEW IF EXISTS|CREATE OR REPLACE VIEW) (\w+)", re.MULTILINE
)
_CHANGES_COLUMNS: Final = re.compile(r"\b(ADD|DROP|MODIFY|COMMENT|RENAME) COLUMN\b")


class NotForClusters(ValueError):
    """A statement of a migration that nobody has said how to run on a cluster."""


def on_cluster(statement: str, database: str, cluster: str) -> Iterator[str]:
    """What stands for a statement of a migration on `cluster`. Raises NotForClusters."""
    if made := _CREATE_TABLE.search(statement):
        yield from _tables(statement, made[2], database, cluster)
    elif changed := _OTHER.search(statement):
        name = changed[2]
        names = [name]
        if name in SHARDED:
            both = changed[1] == "DROP TABLE" or _CHANGES_COLUMNS.search(statement)
            names = [f"{name}_shard", name] if both else [f"{name}_shard"]
        for on in names:
            yield _OTHER.sub(rf"\1 {on} ON CLUSTER '{cluster}'", statement, count=1)
    else:
        raise NotForClusters(f"not known on a cluster: {statement[:80]}")


def _tables(statement: str, name: str, database: str, cluster: str) -> Iterator[str]:
    sharded = name in SHARDED
    local = f"{name}_shard" if sharded else name
    where = (
        "'/clickhouse/tables/{uuid}/{shard}', '{replica}'"
        if sharded
        else "'/clickhouse/tables/{uuid}', '{shard}-{replica}'"
    )
    made = _CREATE_TABLE.sub(rf"CREATE TABLE \g<1>{local} ON CLUSTER '{cluster}'\n", statement, count=1)
    yield _ENGINE.sub(
        lambda engine: f"ENGINE = Replicated{engine[1]}({where}{', ' + engine[2] if engine[2] else ''})",
        made,
        count=1,
    )
    if sharded:
        comment = _COMMENT.search(statement)
        assert comment is not None, f"{name} has no comment"
        yield (
            f"CREATE TABLE {name} ON CLUSTER '{cluster}' AS {database}.{local}\n"
            f"ENGINE = Distributed('{cluster}', '{database}', '{local}', {_SHARD_OF})\n{comment[0]}"
        )
