"""The schema of a cluster, as far as one engine can try it: it parses, and all views answer over Distributed tables.

What needs several servers and a Keeper (replication, quorums) is not tried here.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sinks.clickhouse.client import WRITER_SETTINGS, Address, opened
from sinks.clickhouse.cluster import SETTINGS, SHARDED, NotForClusters, on_cluster
from sinks.clickhouse.migrate import Step, migrations, statements, views

ALL = [
    pytest.param(statement, id=f"{step.name}-{number}")
    for step in (*migrations(), *views())
    for number, statement in enumerate(statements(step.sql, "skillpulse", "main"))
]


def of(name: str) -> Step:
    [step] = [step for step in (*migrations(), *views()) if step.name == name]
    return step


def test_a_large_table_is_replicated_in_its_shard_and_read_through_a_distributed_one() -> None:
    local, spread, *_ = statements(of("0001_posts_and_counts").sql, "skillpulse", "main")
    assert "CREATE TABLE job_posts_shard ON CLUSTER 'main'\n(" in local
    assert (
        "ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')\n" in local
    )
    assert spread == (
        "CREATE TABLE job_posts ON CLUSTER 'main' AS skillpulse.job_posts_shard\n"
        "ENGINE = Distributed('main', 'skillpulse', 'job_posts_shard', cityHash64(source, partition))\n"
        "COMMENT 'One row a first sighting of a job post. Read it through the view `posts`.'"
    )


def test_the_version_of_a_count_stays_an_argument_of_its_engine() -> None:
    counts = list(statements(of("0001_posts_and_counts").sql, "skillpulse", "main"))[2]
    assert (
        "ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', last_offset)"
        in counts
    )


def test_a_small_table_is_whole_on_every_server() -> None:
    [skills, *_] = statements(of("0002_taxonomy").sql, "skillpulse", "main")
    assert "ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}', '{shard}-{replica}')" in skills


@pytest.mark.parametrize("statement", ALL)
def test_every_statement_runs_everywhere_and_no_table_is_left_alone(statement: str) -> None:
    assert statement.count(" ON CLUSTER 'main'") == 1
    assert not re.search(r"^ENGINE = (?!Replicated|Distributed)", statement, re.MULTILINE)


def test_changes_of_columns_reach_both_tables_and_other_changes_the_rows_alone() -> None:
    column = "ALTER TABLE job_posts ADD COLUMN x UInt8"
    assert [*on_cluster(column, "skillpulse", "main")] == [
        "ALTER TABLE job_posts_shard ON CLUSTER 'main' ADD COLUMN x UInt8",
        "ALTER TABLE job_posts ON CLUSTER 'main' ADD COLUMN x UInt8",
    ]
    setting = "ALTER TABLE job_posts MODIFY SETTING x = 1"
    assert [*on_cluster(setting, "skillpulse", "main")] == [
        "ALTER TABLE job_posts_shard ON CLUSTER 'main' MODIFY SETTING x = 1"
    ]


def test_a_statement_that_nobody_thought_of_is_refused() -> None:
    with pytest.raises(NotForClusters):
        list(on_cluster("OPTIMIZE TABLE job_posts", "skillpulse", "main"))


def test_every_statement_parses(clickhouse) -> None:
    address = Address(clickhouse.url, clickhouse.user, clickhouse.password, "default")
    with opened(address, **WRITER_SETTINGS) as client:
        for parameter in ALL:
            client.command(f"EXPLAIN AST {parameter.values[0]}")


def test_a_writer_to_a_cluster_says_its_settings_and_the_engine_knows_them(clickhouse) -> None:
    query = "SELECT name, value FROM system.settings WHERE name IN {names:Array(String)}"
    asked = {"names": [*SETTINGS, *WRITER_SETTINGS]}
    address = Address(clickhouse.url, clickhouse.user, clickhouse.password, "default", cluster="main")
    with opened(address, **WRITER_SETTINGS) as client:
        said = dict(client.query(query, asked).result_rows)
    assert said == {name: str(value) for name, value in (SETTINGS | WRITER_SETTINGS).items()}


@pytest.mark.slow
def test_all_views_answer_over_distributed_tables_as_over_plain_ones(tmp_path: Path) -> None:
    """In a process of its own: an engine that is its own cluster of one shard, and one of two that refuses nothing."""
    script = Path(__file__).with_name("cluster_views.py")
    done = subprocess.run([sys.executable, script, tmp_path], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3_000:]
    answers = json.loads(done.stdout.splitlines()[-1])
    still = {view for view, said in answers["plain"].items() if said == answers["plain_again"][view]}
    assert len(still) > 35  # the others say how long ago something was
    assert {view: answers["one_shard"][view] for view in still} == {
        view: answers["plain"][view] for view in still
    }
    assert answers["two_shards"].keys() == answers["plain"].keys()
    assert answers["plain"]["audit"] == answers["one_shard"]["audit"] == "20000\t0"


def test_all_sharded_tables_have_what_the_shard_follows_from() -> None:
    for name in SHARDED:
        [made] = [
            s for s in statements(of("0001_posts_and_counts").sql, "d", "c") if f"TABLE {name}_shard" in s
        ]
        assert re.search(r"^    source ", made, re.MULTILINE) and re.search(
            r"^    partition ", made, re.MULTILINE
        )
