"""Prints what every view's example answers over plain tables, over one shard and over two: JSON.

The only server of both clusters is this process, so tables are not replicated, and two shards hold the same rows.
"""

import json
import re
import sys
import time
from pathlib import Path

from chdb.session import Session

from sinks.clickhouse.cluster import SHARDED
from sinks.clickhouse.migrate import migrations, statements, views

SHARD = "<shard><replica><host>127.0.0.1</host><port>9000</port></replica></shard>"
CONFIG = """<clickhouse><tcp_port>9000</tcp_port><tmp_path>{tmp}/</tmp_path>
<remote_servers><one_shard>{one}</one_shard><two_shards>{one}{one}</two_shards></remote_servers></clickhouse>"""
REPLICATED = re.compile(r"Replicated(\w+)\('[^']*', '[^']*'(?:, )?([^)]*)\)")
FILL = """
INSERT INTO counting_rules SELECT 60, ['US'], 1000000, now();
INSERT INTO taxonomy_activations SELECT now(), 'v';
INSERT INTO categories SELECT concat('c', toString(number)), concat('g', toString(number % 2)), '', 'v' FROM numbers(3);
INSERT INTO skills SELECT concat('s', toString(number)), '', 'technical', 'g0', 'v' FROM numbers(5);
INSERT INTO job_posts
    (posted_at, source, partition, offset, ingested_at, post_id, taxonomy_version, category, ai, client_size,
    market, skills)
SELECT toDateTime({now}, 'UTC') - INTERVAL number % 5000 MINUTE, 't@1', number % 4, number, toDateTime({now}),
    toString(number), 'v',
    concat('c', toString(number % 3)), number % 5 = 0, 'smb', 'US', [concat('s', toString(number % 5))]
FROM numbers(20000);
INSERT INTO category_demand
SELECT toStartOfMinute(posted_at), category, ai, client_size, market, source, partition, taxonomy_version, count(),
    max(offset)
FROM job_posts GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
INSERT INTO skill_demand
SELECT toStartOfMinute(posted_at), skills[1], category, ai, client_size, market, source, partition, taxonomy_version,
    count(), max(offset)
FROM job_posts GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""
NOW = int(time.time())
AUDIT = f"SELECT sum(posts), sum(drift) FROM audit(since = toDate({NOW}) - 10, until = toDate({NOW}) + 1)"
OF_THIS_SERVER = ("storage",)
"""Views of system tables: they show the server that is asked."""


def answers(engine: Session, database: str, cluster: str) -> dict[str, str]:
    engine.query(f"CREATE DATABASE {database}")
    engine.query(f"USE {database}")
    for step in (*migrations(), *views()):
        for statement in statements(step.sql, database, cluster):
            engine.query(REPLICATED.sub(r"\1(\2)", statement.replace(f" ON CLUSTER '{cluster}'", "")))
    for statement in FILL.split(";"):
        engine.query(statement.replace("{now}", str(NOW)))
    if cluster:
        for name in SHARDED:
            kind = str(
                engine.query(
                    f"SELECT engine FROM system.tables WHERE database = '{database}' AND name = '{name}'",
                    "TSV",
                )
            )
            assert kind.strip() == "Distributed", f"{name} is {kind}"
    return ask(engine)


def ask(engine: Session) -> dict[str, str]:
    said = {"audit": str(engine.query(AUDIT, "TSV")).strip()}
    views_of = (
        "SELECT name, comment FROM system.tables WHERE database = currentDatabase() AND engine = 'View'"
    )
    for line in str(engine.query(f"{views_of} FORMAT JSONEachRow")).splitlines():
        view = json.loads(line)
        _, _, example = view["comment"].partition("Example: ")
        if example and view["name"] not in OF_THIS_SERVER:
            said[view["name"]] = str(engine.query(example, "TSV")).strip()
    return said


def again(engine: Session, database: str) -> dict[str, str]:
    engine.query(f"USE {database}")
    return ask(engine)


def main(folder: Path) -> None:
    config = folder / "config.xml"
    config.write_text(CONFIG.format(tmp=folder / "tmp", one=SHARD))
    engine = Session(f"{folder}/engine?config-file={config}")
    print(
        json.dumps(
            {
                "plain": answers(engine, "plain", ""),
                "one_shard": answers(engine, "one", "one_shard"),
                "two_shards": answers(engine, "two", "two_shards"),
                "plain_again": again(engine, "plain"),
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
