"""What the pipeline says of itself: against what went through it."""

from collections import Counter

import pytest

from sinks.clickhouse.audit import audit
from sinks.clickhouse.client import WRITER_SETTINGS, Address, opened
from sinks.clickhouse.migrate import migrate
from tests.conftest import Server
from tests.sinks.clickhouse.filled import PARTITIONS, SOURCE, Filled

EVER = "since = '2000-01-01', until = '2100-01-01'"


def test_rates_add_up(filled: Filled) -> None:
    row = filled.client.query(
        f"SELECT sum(events) AS read, sum(posts) AS sighted, sum(repeats) AS again, sum(dead_letters) AS bad,"
        f" max(lag_max) AS lag FROM pipeline_rates(step = 3600, {EVER})"
    ).first_item
    assert row["read"] == row["sighted"] + row["again"] + row["bad"]
    assert row["sighted"] > len(filled.posts)  # the second worker's replay is work, too
    assert row["lag"] == pytest.approx(2.0)


def test_dead_letters_by_reason(filled: Filled) -> None:
    rows = filled.client.query(f"SELECT reason, letters, share FROM dead_letter_reasons({EVER})").result_rows
    reasons = Counter(letter.reason for letter in filled.dead_letters)
    assert rows == [(reason, n, n / reasons.total()) for reason, n in reasons.most_common()]


def test_progress_is_the_last_offset_of_each_partition(filled: Filled) -> None:
    rows = filled.client.query("SELECT source, partition, last_offset FROM progress").result_rows
    last = {}
    for post in filled.posts:
        last[post.partition] = max(last.get(post.partition, 0), post.offset)
    assert [(source, partition) for source, partition, _ in rows] == [(SOURCE, n) for n in range(PARTITIONS)]
    assert all(offset >= last[partition] for _, partition, offset in rows)


def test_workers_are_those_of_the_last_day(filled: Filled) -> None:
    assert filled.client.query("SELECT worker, partitions FROM workers").result_rows == [
        ("host:1", PARTITIONS)
    ]


def test_feeds_against_their_own_weeks(filled: Filled) -> None:
    rows = filled.rows("feed_activity", until="2025-11-20 12:00", width=7 * 86400)
    assert {row["feed"] for row in rows} == {"alpha", "beta"}
    query = (
        "SELECT feed, countIf(posted_at >= '2025-11-13 12:00:00'), countIf(posted_at < '2025-11-13 12:00:00') / 4"
        " FROM posts WHERE posted_at >= '2025-10-16 12:00:00' AND posted_at < '2025-11-20 12:00:00' GROUP BY feed"
    )
    expected = {feed: (posts, usual) for feed, posts, usual in filled.client.query(query).result_rows}
    assert {row["feed"]: (row["posts"], row["usual"]) for row in rows} == expected


def test_storage_knows_the_tables(filled: Filled) -> None:
    rows = filled.client.query("SELECT * FROM storage").named_results()
    parts = {row["table"]: row for row in rows}
    assert parts["job_posts"]["rows"] >= len(filled.posts)
    assert parts["skill_demand"]["most_parts"] <= parts["skill_demand"]["parts"]


def test_the_audit_of_a_database_that_no_worker_used_is_empty(embedded_clickhouse: Server) -> None:
    url, user, password = embedded_clickhouse
    with opened(Address(url, user, password, "default"), **WRITER_SETTINGS) as client:
        client.command("DROP DATABASE IF EXISTS unused")
        migrate(client, "unused")
    with opened(Address(url, user, password, "unused"), **WRITER_SETTINGS) as client:
        assert [*audit(client)] == []
        assert client.query("SELECT drift FROM recent_drift").result_rows in ([], [(0,)])


def test_the_audit_finds_no_drift(filled: Filled) -> None:
    query = "SELECT sum(posts), sum(drift) FROM audit(since = '2024-01-01 00:00:00', until = '2026-01-01 00:00:00')"
    assert filled.client.query(query).first_row == (len(filled.posts), 0)
    assert filled.client.query("SELECT sum(drift) FROM recent_drift").first_row == (0,)
