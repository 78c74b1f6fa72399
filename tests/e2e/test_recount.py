"""A new taxonomy counts history anew, over the real engine: interrupted, resumed, switched, gone on with."""

import asyncio
import json
import shutil
import threading
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from sinks.clickhouse.audit import audit
from sinks.clickhouse.client import WRITER_SETTINGS, Address, opened
from sinks.clickhouse.installation import (
    CountingRules,
    activate_taxonomy,
    active_taxonomy,
    register_rules,
    register_taxonomy,
)
from sinks.clickhouse.migrate import migrate
from sinks.clickhouse.retention import NotDroppable, drop_version
from sinks.clickhouse.store import ClickHouseStore
from sinks.retry import Retry, RetryPolicy
from streams.batch import Batch
from streams.classify import load_classifier
from streams.classify.taxonomy import FOLDER
from streams.cli.doctor import command as doctor
from streams.dimensions import category_dimensions, skill_dimensions
from streams.pipeline import Pipeline, Rules
from streams.recount import Recount
from streams.recount_run import recount_history
from streams.settings import Settings
from streams.stack import Stack, Stopped
from tests.streams.counting import count

DATABASE, SOURCE = "recount_test", "job-posts@1"
TITLES = ("Weave baskets from willow", "Python developer", "Willow basket weaving and Python")
RULES = CountingRules(60, ["US"], 1_000)


class LogRecord(NamedTuple):
    offset: int
    timestamp: int
    key: bytes
    value: bytes


def records(first, last):
    """Records of one partition: every title in turn, over ten minutes of last May."""
    for offset in range(first, last):
        posted_at = datetime(2026, 5, 1, 12, offset % 10, tzinfo=UTC).isoformat()
        post = {"post_id": f"p-{offset}", "title": TITLES[offset % 3], "posted_at": posted_at}
        yield LogRecord(offset, 1_780_000_000_000, post["post_id"].encode(), json.dumps(post).encode())


@pytest.fixture(scope="module")
def taxonomies(tmp_path_factory):
    """The packaged taxonomy, and one that knows a craft more."""
    folder = tmp_path_factory.mktemp("taxonomy") / "files"
    shutil.copytree(FOLDER, folder)
    (folder / "baskets.toml").write_text(
        'group = "other"\n[basket_weaving]\nname = "Basket weaving"\nkind = "creative"\n'
        'aliases = ["basket weaving", "weave baskets"]\n'
    )
    return None, folder


@pytest.fixture
def place(embedded_clickhouse, monkeypatch):
    server = embedded_clickhouse
    address = Address(server.url, server.user, server.password, DATABASE)
    with opened(address._replace(database="default"), **WRITER_SETTINGS) as client:
        client.command(f"DROP DATABASE IF EXISTS {DATABASE}")
        migrate(client, DATABASE)
        register_rules(client, RULES)
    return address


class Installation:
    """One version of the product at work in the database."""

    def __init__(self, address, taxonomy):
        self.address = address
        self.classifier = load_classifier(taxonomy)
        self.store = ClickHouseStore(
            address, "job-posts", self.classifier.taxonomy_version, Retry(RetryPolicy(5))
        )

    def register(self):
        with opened(self.address, **WRITER_SETTINGS) as client:
            version = self.classifier.taxonomy_version
            register_taxonomy(client, version, skill_dimensions(self.classifier), category_dimensions())

    async def count(self, first, last, complete=None):
        async def same_source():
            return

        class NoLetters:
            async def send(self, rows):
                assert not rows

        completing = [complete] if complete else []
        rules = Rules(RULES.pane_seconds, frozenset(RULES.markets), RULES.sightings_window, 1_000)
        pipeline = Pipeline(
            self.store,
            self.classifier,
            NoLetters(),
            rules,
            "test",
            lambda: datetime.now(UTC),
            same_source,
            *completing,
        )
        await count(pipeline, [Batch(SOURCE, 2, list(records(first, last)))])

    def recount(self, former):
        return Recount(self.store, self.classifier, former, RULES.pane_seconds, 1_000)


def settings_of(address, **others):
    """Settings for that place."""
    return Settings(
        clickhouse=address.url,
        clickhouse_user=address.user,
        clickhouse_password=address.password,
        database=DATABASE,
        **others,
    )


def demand(address, skill):
    with opened(address) as client:
        assert sum(day.drift for day in audit(client, sleep=lambda _: None)) == 0
        query = "SELECT sum(posts) FROM skill_panes WHERE skill = {skill:String}"
        return client.query(query, {"skill": skill}).result_rows[0][0]


def doctor_says(address, taxonomy):
    """The checks of `skillpulse doctor` by name."""
    environment = {
        "CLICKHOUSE": address.url,
        "CLICKHOUSE_USER": address.user,
        "CLICKHOUSE_PASSWORD": address.password,
        "DATABASE": DATABASE,
        "TAXONOMY": str(taxonomy),
    }
    done = CliRunner().invoke(
        doctor, ["--json"], env={f"SKILLPULSE_{name}": value for name, value in environment.items()}
    )
    return {check["name"]: check for check in json.loads(done.stdout)["checks"]}


def test_history_is_counted_anew_and_the_stream_goes_on(place, taxonomies, monkeypatch):
    former, fresh = (Installation(place, taxonomy) for taxonomy in taxonomies)
    before = former.classifier.taxonomy_version
    assert fresh.classifier.taxonomy_version != before

    async def live():
        former.register()
        await former.count(0, 30)
        interrupted = fresh.recount(before)
        await interrupted.partition(SOURCE, 2, before=12)  # killed there
        settings = settings_of(place, taxonomy=taxonomies[1])
        done = await recount_history(settings)
        assert (done.former, done.posts) == (before, 18)
        await former.count(30, 36)  # a worker of the former version that has not ended yet
        await fresh.count(36, 42, complete=fresh.recount(before).partition)
        again = await recount_history(settings)
        assert again.former is None
        await former.store.close()
        await fresh.store.close()

    asyncio.run(live())
    with opened(place) as client:
        assert active_taxonomy(client) == fresh.classifier.taxonomy_version
    assert doctor_says(place, taxonomies[1])["taxonomy"]["ok"], (
        "the taxonomy of the settings, not the packaged one"
    )
    assert not doctor_says(place, FOLDER)["taxonomy"]["ok"]
    monkeypatch.setenv("SKILLPULSE_SIGHTINGS_WINDOW", "1000")
    assert doctor_says(place, FOLDER)["rules"]["ok"]
    monkeypatch.setenv("SKILLPULSE_PANE_SECONDS", "300")
    wrong = doctor_says(place, FOLDER)["rules"]
    assert not wrong["ok"]
    assert "SKILLPULSE_PANE_SECONDS is 300, but posts are counted here with 60" in wrong["found"]
    assert demand(place, "basket_weaving") == 28
    assert demand(place, "python") == 28
    with opened(place) as client:
        with pytest.raises(NotDroppable, match="in use"):
            drop_version(client, fresh.classifier.taxonomy_version)
        with pytest.raises(NotDroppable, match=f"nothing is stored under no_such.*: {before}$"):
            drop_version(client, "no_such")
        dropped = drop_version(client, before)
        assert {month.table for month in dropped} >= {"job_posts", "skill_demand", "category_demand"}
        for table in ("job_posts", "skill_demand", "category_demand", "daily_demand", "skills"):
            query = f"SELECT groupUniqArray(taxonomy_version) FROM {table}"
            assert before not in client.query(query).result_rows[0][0]
    assert demand(place, "basket_weaving") == 28


def test_a_version_with_posts_that_are_not_recounted_is_not_dropped(place, taxonomies):
    former, fresh = (Installation(place, taxonomy) for taxonomy in taxonomies)

    async def half():
        former.register()
        await former.count(0, 30)
        await fresh.recount(former.classifier.taxonomy_version).partition(SOURCE, 2, before=12)
        await former.store.close()
        await fresh.store.close()

    asyncio.run(half())
    with opened(place, **WRITER_SETTINGS) as client:
        activate_taxonomy(client, fresh.classifier.taxonomy_version)
        with pytest.raises(NotDroppable, match="1 partitions have posts"):
            drop_version(client, former.classifier.taxonomy_version)


def test_nothing_is_done_where_nothing_is_stored(place, taxonomies):
    assert asyncio.run(recount_history(settings_of(place))).former is None


def test_a_stack_that_is_stopped_in_its_recount_goes_on_with_it_the_next_time(place, taxonomies, tmp_path):
    former, fresh = (Installation(place, taxonomy) for taxonomy in taxonomies)

    async def count():
        former.register()
        await former.count(0, 30)
        await former.store.close()

    asyncio.run(count())
    settings = settings_of(place, taxonomy=taxonomies[1], home=tmp_path, broker="127.0.0.1:9")
    stopping, said = threading.Event(), []
    stopping.set()
    with pytest.raises(Stopped):
        Stack(settings, say=said.append, stopping=stopping).start()
    assert said == ["stopping: the next start goes on with the recount"]
    versions = [one.classifier.taxonomy_version for one in (former, fresh)]
    with opened(place) as client:
        assert active_taxonomy(client) == versions[0]
    done = asyncio.run(recount_history(settings))
    assert (done.former, done.version, done.posts) == (*versions, 0)
    assert demand(place, "basket_weaving") == 20
