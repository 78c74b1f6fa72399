"""What is dropped changes no figure by day, is never dropped unseen, and never lets a repeat count."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from reports.compose import compose
from reports.read import read_figures
from sinks.clickhouse.audit import audit, horizon
from sinks.clickhouse.budget import budget
from sinks.clickhouse.client import Address
from sinks.clickhouse.installation import activate_taxonomy
from sinks.clickhouse.retention import Drifted, Keep, carry_over, plan, prune
from sinks.clickhouse.rollup import refresh
from sinks.clickhouse.store import ClickHouseStore
from sinks.retry import Retry, RetryPolicy
from streams.batch import Batch
from streams.classify import load_classifier
from streams.settings import InvalidSettings, load_settings
from tests.conftest import Server
from tests.sinks.clickhouse.filled import SOURCE, Filled, LogRecord, fill, pipeline
from tests.streams.counting import count

NOW = datetime(2025, 11, 20, 13, tzinfo=UTC)
A_DAY_LATER = NOW + timedelta(hours=27)
KEEP = Keep(posts_months=6, panes_months=8, logs_days=30)
CLASSIFIER = load_classifier()
BY_DAY = (
    "SELECT day, skill, category, ai, client_size, market, sum(posts) FROM skill_days GROUP BY ALL ORDER BY ALL",
    "SELECT day, category, ai, client_size, market, sum(posts) FROM category_days GROUP BY ALL ORDER BY ALL",
    "SELECT toYYYYMM(pane_start), skill, sum(posts) FROM skill_panes GROUP BY ALL ORDER BY ALL",
)


@pytest.fixture
def filled(embedded_clickhouse: Server) -> Iterator[Filled]:
    made = fill(Address(*embedded_clickhouse, "retention_test"), CLASSIFIER)
    yield made
    made.client.command("DROP DATABASE retention_test")
    made.client.close()


def figures(filled: Filled) -> list[object]:
    return [filled.client.query(query).result_rows for query in BY_DAY]


def posts_before(filled: Filled, day: date) -> int:
    query = "SELECT count() FROM job_posts WHERE posted_at < {day:Date}"
    number: int = filled.client.query(query, {"day": day}).result_rows[0][0]
    return number


def drift(filled: Filled) -> int:
    return sum(day.drift for day in audit(filled.client, sleep=lambda _: None))


def test_posts_are_dropped_a_day_after_their_month_was_closed_and_every_figure_stays(filled: Filled) -> None:
    client, before = filled.client, figures(filled)
    assert plan(client, Keep(0, 0, 90), NOW) == (None, date(1970, 1, 1), [], [])
    closing = prune(client, KEEP, NOW)
    assert (closing.close, closing.drop, closing.merge) == (date(2025, 5, 1), [], [])
    assert prune(client, KEEP, NOW + timedelta(hours=1)).drop == []
    assert posts_before(filled, date(2025, 5, 1)) > 1_000
    dropped = prune(client, KEEP, A_DAY_LATER)
    assert dropped.close is None
    assert [month.month for month in dropped.drop] == [202410, 202411, 202412, 202501, 202502, 202503, 202504]
    assert {month.month for month in dropped.merge} == {202410, 202411, 202412, 202501, 202502}
    assert posts_before(filled, date(2025, 5, 1)) == 0
    assert posts_before(filled, date(2026, 1, 1)) > 1_000
    assert horizon(client, "posts") == date(2025, 5, 1)
    assert drift(filled) == 0
    assert figures(filled) == before
    refresh(client, NOW)
    assert figures(filled) == before
    longest = (
        "SELECT max(pane_start != toStartOfDay(pane_start)) FROM skill_demand WHERE pane_start < '2025-03-01'"
    )
    assert client.query(longest).result_rows == [(0,)]
    again = prune(client, KEEP, A_DAY_LATER)
    assert (again.close, again.drop, again.merge) == (None, [], [])
    for table in ("dead_letters", "pipeline_batches"):
        assert "toIntervalDay(30)" in str(client.command(f"SHOW CREATE TABLE {table}"))


def test_a_report_rests_on_the_counts_of_posts_that_were_dropped(filled: Filled) -> None:
    march, november = date(2025, 3, 1), date(2025, 11, 1)
    before = read_figures(filled.client, march, "", NOW)
    running = read_figures(filled.client, november, "", NOW)
    prune(filled.client, KEEP, NOW)
    prune(filled.client, KEEP, A_DAY_LATER)
    after = read_figures(filled.client, march, "", NOW)
    assert (after.total, after.categories, after.period) == (before.total, before.categories, before.period)
    assert (after.quality.drift, after.quality.audited_days) == (0, 0)
    assert not any("drift" in said for said in compose(after).warnings)
    for days in (365, 367):
        prune(filled.client, KEEP, NOW + timedelta(days=days))
    assert posts_before(filled, date(2026, 1, 1)) == 0
    ended = read_figures(filled.client, november, "", NOW)
    assert (ended.period.partial, ended.total.posts) == (True, running.total.posts)
    assert ended.period.until == NOW


def test_a_month_that_drifts_is_kept(filled: Filled) -> None:
    prune(filled.client, KEEP, NOW)
    filled.client.command(
        "INSERT INTO category_demand SELECT * REPLACE (posts + 1 AS posts, last_offset + 1 AS last_offset)"
        " FROM category_demand FINAL WHERE pane_start < '2024-11-01' LIMIT 1"
    )
    with pytest.raises(Drifted, match="2024-10 drift by 1"):
        prune(filled.client, KEEP, A_DAY_LATER)
    assert posts_before(filled, date(2024, 11, 1)) > 100


def test_counts_that_a_crash_left_out_are_completed_before_their_posts_go(filled: Filled) -> None:
    before = figures(filled)
    prune(filled.client, KEEP, NOW)
    filled.client.command(
        "ALTER TABLE category_demand DELETE WHERE pane_start < '2024-11-01' AND cityHash64(pane_start) % 2 = 0",
        settings={"mutations_sync": 2},
    )
    assert figures(filled) != before
    prune(filled.client, KEEP, A_DAY_LATER)
    assert figures(filled) == before


def sift(address: Address, filled: Filled, sent: list[dict[str, str]]) -> tuple[int, int, list[str]]:
    """What a worker that starts now makes of posts sent to partition 0: counted, repeats, codes of rejections."""

    async def counted() -> tuple[int, int, list[str]]:
        store = ClickHouseStore(address, "job-posts", CLASSIFIER.taxonomy_version, Retry(RetryPolicy(10)))
        counting = pipeline(store, CLASSIFIER, lambda: NOW)
        counting.closed_before = await store.closed_before()
        last = max(post.offset for post in filled.posts if post.partition == 0) + 10
        log = [
            LogRecord(
                last + i, int(NOW.timestamp() * 1e3), post["post_id"].encode(), json.dumps(post).encode()
            )
            for i, post in enumerate(sent)
        ]
        [tally] = await count(counting, [Batch(SOURCE, 0, log)])
        await store.close()
        return tally.posts, tally.repeats, [bad.code for bad in tally.rejected]

    return asyncio.run(counted())


def test_a_post_that_was_dropped_stays_known_and_is_forgotten_with_the_window(
    filled: Filled, embedded_clickhouse: Server
) -> None:
    address, client = Address(*embedded_clickhouse, "retention_test"), filled.client
    prune(client, KEEP, NOW)
    prune(client, KEEP, A_DAY_LATER)
    dropped = [post for post in filled.posts if post.posted_at < datetime(2025, 5, 1, tzinfo=UTC)]
    kept = client.query("SELECT count(), uniqExact(post_id) FROM pruned_sightings").result_rows
    assert kept == [(len({post.post_id for post in dropped}),) * 2]
    known = next(post for post in dropped if post.partition == 0)
    again = {"post_id": known.post_id, "title": "Python", "posted_at": NOW.isoformat()}
    assert sift(address, filled, [again]) == (0, 1, [])
    assert drift(filled) == 0
    client.command(
        "INSERT INTO counting_rules SELECT * REPLACE (100 AS sightings_window) FROM counting_rules"
    )
    client.command(
        "ALTER TABLE counting_rules DELETE WHERE sightings_window != 100", settings={"mutations_sync": 2}
    )
    prune(client, KEEP, A_DAY_LATER)
    beyond = (
        "SELECT count() FROM pruned_sightings INNER JOIN (SELECT source, partition, max(last_offset) AS reached"
        " FROM category_demand GROUP BY source, partition) AS ends USING (source, partition)"
        " WHERE offset + 100 < reached"
    )
    assert client.query(beyond).result_rows == [(0,)]
    assert client.query(
        "SELECT count() < {all:UInt32} FROM pruned_sightings", {"all": kept[0][0]}
    ).result_rows == [(1,)]


def test_a_late_post_of_a_closed_month_is_rejected_and_a_known_one_is_a_repeat(
    filled: Filled, embedded_clickhouse: Server
) -> None:
    address = Address(*embedded_clickhouse, "retention_test")
    prune(filled.client, KEEP, NOW)
    known = next(
        post
        for post in filled.posts
        if post.partition == 0 and post.posted_at < datetime(2025, 5, 1, tzinfo=UTC)
    )
    times = {"late": "2025-04-30T23:59:59Z", "open": "2025-05-01T00:00:00Z"}
    sent = [{"post_id": name, "title": "Python", "posted_at": time} for name, time in times.items()]
    sent.append({"post_id": known.post_id, "title": "Python", "posted_at": known.posted_at.isoformat()})

    assert sift(address, filled, sent) == (1, 1, ["closed_month"])
    assert drift(filled) == 0


def test_a_recount_takes_over_the_counts_of_months_without_posts(filled: Filled) -> None:
    before = figures(filled)
    prune(filled.client, KEEP, NOW)
    prune(filled.client, KEEP, A_DAY_LATER)
    carry_over(filled.client, CLASSIFIER.taxonomy_version, "next")
    query = "SELECT toYYYYMM(pane_start), sum(posts) FROM skill_demand FINAL WHERE taxonomy_version = {version:String}"
    grouped = f"{query} AND pane_start < '2025-05-01' GROUP BY ALL ORDER BY ALL"
    former, carried = (
        filled.client.query(grouped, {"version": version}).result_rows
        for version in (CLASSIFIER.taxonomy_version, "next")
    )
    assert len(carried) == 7
    assert carried == former
    assert figures(filled) == before
    activate_taxonomy(filled.client, "next")
    ever = {"since": datetime(2000, 1, 1, tzinfo=UTC), "until": NOW}
    new_skills = "new_skills(since = '2000-01-01', until = '2026-01-01')"
    for rows in (
        filled.rows("ai_skills", min_posts=1, **ever),
        list(filled.client.query(f"SELECT * FROM {new_skills}").named_results()),
    ):
        assert rows
        assert all(row["name"] == row["skill"].replace("_", " ") for row in rows), "next has other skills"


def test_what_a_version_counted_of_months_without_posts_does_not_count_beside_what_it_takes_over(
    filled: Filled,
) -> None:
    client, version = filled.client, CLASSIFIER.taxonomy_version
    for table in ("skill_demand", "category_demand"):
        client.command(  # a recount that was interrupted, or a version that is gone back to, reads posts otherwise
            f"INSERT INTO {table} SELECT * REPLACE ('next' AS taxonomy_version, 'other' AS category) FROM {table} FINAL"
            " WHERE pane_start < '2025-01-01' OR pane_start >= '2025-06-01'"
        )
    refresh(client, NOW)
    prune(client, KEEP, NOW)
    prune(client, KEEP, A_DAY_LATER)
    carry_over(client, version, "next")
    refresh(client, NOW)
    of_pruned = "{table} {final} WHERE taxonomy_version = {{version:String}} AND {day} < '2025-05-01'"
    for table, final, day in (
        ("skill_demand", "FINAL", "toDate(pane_start)"),
        ("category_demand", "FINAL", "toDate(pane_start)"),
        ("daily_demand", "", "day"),
    ):
        where = of_pruned.format(table=table, final=final, day=day)
        query = f"SELECT {day}, category, sum(posts) FROM {where} GROUP BY ALL ORDER BY ALL"
        former, carried = (client.query(query, {"version": v}).result_rows for v in (version, "next"))
        assert carried == former, table
    kept = (
        "SELECT count() FROM category_demand WHERE taxonomy_version = 'next' AND pane_start >= '2025-06-01'"
    )
    assert client.query(kept).result_rows[0][0] > 100


def test_the_disk_is_measured(filled: Filled) -> None:
    found = budget(filled.client)
    assert found.posts == len(filled.posts)
    assert 50 < found.posts_bytes / found.posts < 2_000
    assert 10 < found.panes_bytes / found.posts < 2_000
    assert found.posts <= found.posts_a_day < 1.2 * found.posts  # read today, some of them twice
    assert found.days_left == pytest.approx(found.free_bytes / (found.posts_a_day * found.bytes_a_post))
    kept = found.after_retention(6, 12)
    months = found.posts_a_day * 30.4 / found.posts
    assert kept == pytest.approx(months * (found.posts_bytes * 7 + found.panes_bytes * 13))


@pytest.mark.parametrize(
    ("posts", "panes", "says"),
    [
        pytest.param("1", "0", "at least 2", id="too short for signals"),
        pytest.param("0", "6", "needs keep_posts_months", id="panes alone"),
        pytest.param("6", "3", "must not be less", id="panes before posts"),
    ],
)
def test_what_would_not_fit_is_refused(
    monkeypatch: pytest.MonkeyPatch, posts: str, panes: str, says: str
) -> None:
    monkeypatch.setenv("SKILLPULSE_KEEP_POSTS_MONTHS", posts)
    monkeypatch.setenv("SKILLPULSE_KEEP_PANES_MONTHS", panes)
    with pytest.raises(InvalidSettings, match=says):
        load_settings()
