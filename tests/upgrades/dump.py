"""Writes a database as an earlier version made it: run it in a checkout of that version.

    git worktree add ../earlier COMMIT && cd ../earlier
    PYTHONPATH=. python .../tests/upgrades/dump.py > .../tests/upgrades/NAME.jsonl.zst

One JSON object a line: {"sql"} makes a table or view, {"table", "row"} is a row of it, {"figures"} what the views of
that version said of it. The posts are 300 of that version's fault runs, with repeats and late ones.
"""

import asyncio
import json
import random
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import zstandard

from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect
from sinks.clickhouse.installation import (
    CategoryDimension,
    CountingRules,
    SkillDimension,
    register_rules,
    register_source,
    register_taxonomy,
)
from sinks.clickhouse.migrate import migrate, views
from sinks.clickhouse.store import ClickHouseStore
from sinks.embedded.process import EmbeddedClickHouse
from sinks.retry import Retry, RetryPolicy
from streams.batch import Batch
from streams.classify import load_classifier
from streams.classify.categories import CATEGORIES
from streams.pipeline import Pipeline, Rules
from tests.faults.posts import Mix, posts

SOURCE = "job-posts@earlier"
FIGURES = {
    "skills": "SELECT toString(pane_start), skill, category, ai, client_size, market, posts FROM skill_panes",
    "categories": "SELECT toString(pane_start), category, ai, client_size, market, posts FROM category_panes",
}


class LogRecord(NamedTuple):
    """A record of the log."""

    offset: int
    timestamp: int
    key: bytes
    value: bytes


class NoTopic:
    """There are no dead letters."""

    async def send(self, rows: Any) -> None:
        """Nothing comes."""
        assert not rows


async def same_source() -> None:
    """The topic stays the same."""


def fill(address: Address, client: Any) -> None:
    """Count the posts with the code of the checkout."""
    classifier = load_classifier()
    version = classifier.taxonomy_version
    migrate(client, address.database)
    register_rules(client, CountingRules(60, ["US"], 1_000_000))
    skills = [SkillDimension(s.slug, s.entry.name, s.entry.kind, s.group) for s in classifier.skills]
    register_taxonomy(client, version, skills, [CategoryDimension(*c) for c in CATEGORIES.values()])
    register_source(client, "job-posts", SOURCE)

    async def count() -> None:
        store = ClickHouseStore(address, "job-posts", version, Retry(RetryPolicy(10)))
        rules = Rules(60, frozenset({"US"}), 1_000_000, 1_000)
        pipeline = Pipeline(
            store, classifier, NoTopic(), rules, "host:1", lambda: datetime.now(UTC), same_source
        )
        now = int(datetime.now(UTC).timestamp() * 1e3)
        events = enumerate(posts(300, random.Random(12), Mix(0.1, 0.1)))
        log = [LogRecord(i, now, event.key or b"", event.value or b"") for i, event in events]
        for at in range(0, len(log), 50):
            await pipeline.run([Batch(SOURCE, 0, log[at : at + 50])])
        await store.close()

    asyncio.run(count())


def main() -> None:
    """Fill, dump, end."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedClickHouse(Path(folder)) as engine:
        end = engine.endpoint
        address = Address(end.url, end.user, end.password, "earlier")
        client = connect(address._replace(database="default"), **WRITER_SETTINGS)
        fill(address, client)
        with zstandard.ZstdCompressor(19).stream_writer(sys.stdout.buffer) as out:

            def write(line: object) -> None:
                out.write(json.dumps(line).encode() + b"\n")

            kinds = "SELECT name, engine FROM system.tables WHERE database = currentDatabase()"
            tables = [name for name, kind in client.query(kinds).result_rows if "View" not in kind]
            named = [step.name.partition("_")[2] for step in views()]
            for name in (*tables, *named):
                write({"sql": client.query(f"SHOW CREATE TABLE {name}").result_rows[0][0]})
            for name in tables:
                for row in client.raw_query(f"SELECT * FROM {name}", fmt="JSONEachRow").splitlines():
                    write({"table": name, "row": json.loads(row)})
            write({"figures": {name: client.query(query).result_rows for name, query in FIGURES.items()}})


if __name__ == "__main__":
    main()
