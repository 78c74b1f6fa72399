"""The daily roll-up changes no figure: before it, after it, with a late post, in whichever order things happen."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect
from sinks.clickhouse.installation import (
    CategoryDimension,
    CountingRules,
    SkillDimension,
    register_rules,
    register_taxonomy,
)
from sinks.clickhouse.migrate import migrate
from sinks.clickhouse.rollup import Rolled, refresh
from sinks.clickhouse.store import ClickHouseStore
from sinks.retry import Retry, RetryPolicy
from streams.batch import Batch
from streams.classify import Classifier, load_classifier
from streams.classify.categories import CATEGORIES
from tests.conftest import Server
from tests.sinks.clickhouse.filled import SOURCE, LogRecord, call, pipeline
from tests.streams.counting import count

DAYS = ("2025-08-30", "2025-08-31", "2025-09-01", "2025-09-02")
NOW = datetime(2025, 9, 2, 23, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(hours=1)


class Log:
    """A partition that posts are appended to, and the database that they are counted in."""

    def __init__(self, address: Address, classifier: Classifier) -> None:
        self.client = connect(address._replace(database="default"), **WRITER_SETTINGS)
        self.client.command(f"DROP DATABASE IF EXISTS {address.database}")
        migrate(self.client, address.database)
        skills = [SkillDimension(s.slug, s.entry.name, s.entry.kind, s.group) for s in classifier.skills]
        register_rules(self.client, CountingRules(60, ["US"], 1_000_000))
        register_taxonomy(
            self.client,
            classifier.taxonomy_version,
            skills,
            [CategoryDimension(*c) for c in CATEGORIES.values()],
        )
        self._address = address
        self._classifier = classifier
        self._end = 0

    def append(self, *times: str) -> None:
        """Count one Python post at each of `times`."""
        records = []
        for time in times:
            post = {"post_id": f"post-{self._end}", "posted_at": f"{time}Z", "title": "Python developer"}
            records.append(
                LogRecord(
                    self._end, int(NOW.timestamp() * 1e3), post["post_id"].encode(), json.dumps(post).encode()
                )
            )
            self._end += 1
        asyncio.run(self._count(Batch(SOURCE, 0, records)))

    async def _count(self, batch: Batch) -> None:
        policy = Retry(RetryPolicy(give_up_after=10))
        store = ClickHouseStore(self._address, "job-posts", self._classifier.taxonomy_version, policy)
        await count(pipeline(store, self._classifier, lambda: NOW), [batch])
        await store.close()

    def days(self, view: str = "skill_days") -> dict[str, int]:
        """Posts by day, as everyone reads them."""
        where = "WHERE skill = 'python'" if view == "skill_days" else ""
        rows = self.client.query(
            f"SELECT toString(day), sum(posts) FROM {view} {where} GROUP BY day ORDER BY day"
        )
        return dict(rows.result_rows)

    def between(self, since: str, until: str, **filters: Any) -> int:
        """Demand of a range."""
        counts = call("item_counts", of="skill", since=since, until=until, **filters)
        row = self.client.query(f"SELECT sum(posts) FROM {counts} WHERE item = 'python'").first_row
        return int(row[0])

    def open_days(self) -> list[str]:
        """The days that are read from their panes."""
        return [
            str(day)
            for (day,) in self.client.query("SELECT day FROM day_states WHERE open ORDER BY day").result_rows
        ]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return load_classifier()


@pytest.fixture
def log(embedded_clickhouse: Server, classifier: Classifier) -> Iterator[Log]:
    url, user, password = embedded_clickhouse
    log = Log(Address(url, user, password, "rolled"), classifier)
    log.append(*(f"{day}T{hour:02}:30:00" for day in DAYS for hour in (0, 6, 23)))
    yield log
    log.client.close()


def test_rolling_up_changes_nothing_but_where_days_are_read(log: Log) -> None:
    before = log.days(), log.days("category_days")
    assert before == (dict.fromkeys(DAYS, 3), dict.fromkeys(DAYS, 3))
    assert log.open_days() == list(DAYS)
    assert refresh(log.client, LONG_AGO) == Rolled(days=3, months=2)  # not of today
    assert log.open_days() == [DAYS[-1]]
    assert (log.days(), log.days("category_days")) == before
    assert refresh(log.client, LONG_AGO) == Rolled(days=0, months=0)


def test_a_late_post_is_seen_at_once_and_its_day_alone_is_done_again(log: Log) -> None:
    refresh(log.client, LONG_AGO)
    log.append("2025-08-31T12:00:00")
    expected = {**dict.fromkeys(DAYS, 3), "2025-08-31": 4}
    assert log.open_days() == ["2025-08-31", DAYS[-1]]
    assert log.days() == expected
    assert refresh(log.client, LONG_AGO) == Rolled(days=1, months=1)
    assert log.open_days() == [DAYS[-1]]
    assert log.days() == expected


def test_the_roll_up_itself_is_read_once_it_is_there(log: Log) -> None:
    refresh(log.client, LONG_AGO)
    log.client.command(
        "ALTER TABLE daily_demand UPDATE posts = posts + 100 WHERE day = '2025-08-30'",
        settings={"mutations_sync": 2},
    )
    assert log.days()["2025-08-30"] > 100  # or the tests above would say nothing of it


def test_days_rolled_up_this_moment_are_still_read_from_their_panes(log: Log) -> None:
    refresh(log.client, datetime.now(UTC))
    assert log.open_days() == list(DAYS)
    assert log.days() == dict.fromkeys(DAYS, 3)


@pytest.mark.parametrize("rolled", [pytest.param(False, id="from panes"), pytest.param(True, id="rolled up")])
@pytest.mark.parametrize(
    ("since", "until", "posts"),
    [
        pytest.param("2025-08-30", "2025-09-03", 12, id="whole days"),
        pytest.param("2025-08-30 00:31", "2025-09-02 23:30", 10, id="both ends broken"),
        pytest.param("2025-08-31 06:30", "2025-09-01 06:31", 4, id="over a month's end"),
        pytest.param("2025-08-31 06:00", "2025-08-31 07:00", 1, id="within a day"),
        pytest.param("2025-08-31", "2025-08-31", 0, id="empty"),
    ],
)
def test_no_range_is_half_covered_or_counted_twice(
    log: Log, rolled: bool, since: str, until: str, posts: int
) -> None:
    if rolled:
        refresh(log.client, LONG_AGO)
    assert log.between(since, until) == posts
    assert log.between(since, until, market="US") == 0


def test_a_dropped_version_leaves_the_roll_up(log: Log) -> None:
    refresh(log.client, LONG_AGO)
    for table in ("skill_demand", "category_demand"):
        log.client.command(f"TRUNCATE TABLE {table}")
    refresh(log.client, LONG_AGO)
    assert log.client.query("SELECT count() FROM daily_demand").first_row == (0,)
    assert log.days() == {}


def test_age(log: Log) -> None:
    refresh(log.client, LONG_AGO)
    row = log.client.query("SELECT * FROM rollup_age").first_item
    assert (row["days"], row["open_days"], str(row["oldest_open_day"])) == (4, 1, DAYS[-1])
    assert row["rolled_at"].replace(tzinfo=UTC) == LONG_AGO
