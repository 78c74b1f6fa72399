"""A backup made while posts are counted, restored: nothing is missing, and counting goes on where it ended."""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sinks.clickhouse.audit import audit
from sinks.clickhouse.backup import BackupFailed, backup, restore
from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect
from sinks.clickhouse.complete import complete
from sinks.embedded.process import EmbeddedClickHouse
from streams.classify import load_classifier
from tests.conftest import Server
from tests.faults.engines import Engines, cannot_mount, mounted
from tests.faults.kinds.database import fill as fill_disk
from tests.faults.posts import Mix, posts
from tests.faults.site import Site
from tests.faults.verdict import Verdict, judge
from tests.sinks.clickhouse.filled import fill


def skillpulse(environment: dict[str, str], *words: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "streams", *words, "--json"], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, object] = json.loads(done.stdout)
    return said


@pytest.mark.slow
@pytest.mark.kafka
def test_what_was_lost_with_the_database_is_counted_again_after_a_restore(
    kafka_engines: Engines, tmp_path: Path
) -> None:
    engines = kafka_engines
    site = Site(engines, "e2e-backup", workers=1)
    worker = site.workers[0]
    environment = worker.environment
    try:
        worker.start()
        feed = site.feed([*posts(2_400, random.Random(3), Mix(0.1, 0.1))], more=iter(()), rate=120)
        for share, command in ((0.2, ["backup", "one"]), (0.5, ["backup", "two", "--base", "one"])):
            site.wait(lambda share=share: site.committed() >= 2_400 * share, "posts to back up")
            skillpulse(environment, *command)
        feed.finish()
        site.wait(site.drained, "the end of the topic")
        worker.stop()
        with site.client("default") as client:
            client.command(f"DROP DATABASE {site.settings.database}")
        restored = skillpulse(environment, "restore", "two")
        assert restored["drift"] == 0
        assert 600 < restored["posts"] < 2_400
        assert "send them again" not in restored["position"]
        assert not site.drained(), f"the workers were not sent back: {restored}, {site.positions()}"
        worker.start()
        site.wait(site.drained, "the end of the topic")
        with site.client() as client:
            assert judge(client, site.naive) == Verdict(lost=0, doubled=0, drift=0, wrong_counts=0)
        # an empty home of another machine, with the embedded engine
        shutil.copytree(engines.folder / "backups", tmp_path / "backups")
        alone = {name: value for name, value in environment.items() if not name.startswith("SKILLPULSE_")}
        alone["SKILLPULSE_DATABASE"] = site.settings.database
        again = skillpulse(alone, "restore", "two", "--home", str(tmp_path))
        assert (again["posts"], again["drift"]) == (restored["posts"], 0)
        assert skillpulse(alone, "audit", "--home", str(tmp_path))["posts"] == restored["posts"]
    finally:
        site.close()


@pytest.fixture
def client(embedded_clickhouse: Server):
    url, user, password = embedded_clickhouse
    made = connect(Address(url, user, password, "default"), **WRITER_SETTINGS)
    yield made
    made.command("DROP DATABASE IF EXISTS backup_test")
    made.close()


@pytest.mark.parametrize("name", ["../outside", "", "a/b", "a' , 'b"])
def test_a_name_is_a_name(client, name):
    with pytest.raises(BackupFailed, match="is no name of a backup"):
        backup(client, "backup_test", name, None)
    with pytest.raises(BackupFailed, match="is no name of a backup"):
        backup(client, "backup_test", "sunday", base=name)


def test_what_is_not_there_is_not_restored_and_what_is_there_is_kept(client):
    with pytest.raises(BackupFailed, match="nowhere"):
        restore(client, "backup_test", "nowhere")
    client.command("CREATE DATABASE backup_test")
    client.command("CREATE TABLE backup_test.job_posts (x UInt8) ENGINE = MergeTree ORDER BY x")
    with pytest.raises(BackupFailed, match="holds tables"):
        restore(client, "backup_test", "nowhere")


def test_a_broken_restore_leaves_the_place_empty_for_the_next(embedded_clickhouse: Server, client) -> None:
    url, user, password = embedded_clickhouse
    filled = fill(Address(url, user, password, "broken_test"), load_classifier())
    try:
        backup(client, "broken_test", "whole", None)
        backup(client, "broken_test", "damaged", None)
        disk = "SELECT path FROM system.disks WHERE name = 'backups'"
        folder = Path(client.query(disk).result_rows[0][0])
        shutil.rmtree(
            folder / "damaged" / "rest"
        )  # the last part: all posts and counts are restored before it
        filled.client.command("DROP DATABASE broken_test")
        with pytest.raises(
            BackupFailed, match="damaged was not restored, nothing of it is stored: .*not found"
        ):
            restore(client, "broken_test", "damaged")
        assert restore(client, "broken_test", "whole")
        assert not sum(day.drift for day in audit(client, sleep=lambda _: None))
    finally:
        client.database = None
        client.command("DROP DATABASE IF EXISTS broken_test")
        filled.client.close()


@pytest.mark.skipif(bool(cannot_mount()), reason=cannot_mount())
def test_a_full_disk_makes_no_backup(tmp_path: Path) -> None:
    with mounted(tmp_path / "backups", 64 << 20), EmbeddedClickHouse(tmp_path) as engine:
        at = engine.endpoint
        filled = fill(Address(at.url, at.user, at.password, "full_test"), load_classifier())
        full = tmp_path / "backups" / "ballast"
        fill_disk(full)  # the engine itself would say that it has made one
        with pytest.raises(BackupFailed, match="is full: make room"):
            backup(filled.client, "full_test", "cut", None)
        full.unlink()
        assert backup(filled.client, "full_test", "whole", None)
        filled.client.close()


def test_missing_counts_are_added_up_from_the_posts(embedded_clickhouse: Server) -> None:
    url, user, password = embedded_clickhouse
    filled = fill(Address(url, user, password, "complete_test"), load_classifier())
    client = filled.client
    try:
        counts = (
            "SELECT * FROM skill_demand FINAL ORDER BY ALL",
            "SELECT * FROM category_demand FINAL ORDER BY ALL",
        )
        before = [client.query(query).result_rows for query in counts]
        client.command(
            "ALTER TABLE skill_demand DELETE WHERE cityHash64(pane_start, skill) % 3 = 0",
            settings={"mutations_sync": 2},
        )
        client.command("TRUNCATE TABLE category_demand")
        assert sum(day.drift for day in audit(client, sleep=lambda _: None)) > 0
        complete(client)
        assert [client.query(query).result_rows for query in counts] == before
    finally:
        client.command("DROP DATABASE complete_test")
        client.close()
