"""AI, skills together, pay, new skills, live views: against plain Python over the same posts."""

import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import correlation, median, quantiles

import pytest

from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect
from sinks.clickhouse.migrate import migrate
from tests.conftest import Server
from tests.sinks.clickhouse.filled import FIRST, INGESTED, LAST, Filled, call

SINCE, UNTIL = datetime(2025, 6, 1, tzinfo=UTC), datetime(2025, 11, 1, tzinfo=UTC)


def test_ai_skills_and_their_lift(filled: Filled) -> None:
    posts = filled.within(SINCE, UNTIL)
    every = Counter(skill for post in posts for skill in post.skills)
    with_ai = Counter(skill for post in posts if post.ai for skill in post.skills)
    ai_posts = sum(post.ai for post in posts)
    rows = filled.rows("ai_skills", since=SINCE, until=UNTIL, min_posts=10)
    assert {row["skill"]: row["ai_posts"] for row in rows} == {
        s: n for s, n in with_ai.items() if every[s] >= 10
    }
    assert [row["ai_posts"] for row in rows] == sorted((row["ai_posts"] for row in rows), reverse=True)
    for row in rows:
        share = with_ai[row["skill"]] / every[row["skill"]]
        assert (row["ai_share"], row["lift"]) == pytest.approx((share, share / (ai_posts / len(posts))))


def test_complementarity(filled: Filled) -> None:
    since, until = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 11, 1, tzinfo=UTC)
    posts = filled.within(since, until)
    human = Counter(
        p.posted_at.month for p in posts for s in p.skills if filled.kind_of[s] in ("human", "creative")
    )
    ai = Counter(post.posted_at.month for post in posts if post.ai)
    every = Counter(post.posted_at.month for post in posts)
    rows = [
        row for row in filled.rows("complementarity", since=since, until=until) if row["category"] == "all"
    ]
    assert [row["month"].month for row in rows] == list(range(1, 11))
    changes = [
        [math.log(counts[month] / counts[month - 1]) for month in range(2, 11)]
        for counts in (ai, human, every)
    ]
    rates = [[a - b for a, b in zip(change, changes[2], strict=True)] for change in changes[:2]]
    for row in rows:
        month = row["month"].month
        assert (row["posts"], row["ai_posts"], row["human_posts"]) == (every[month], ai[month], human[month])
        assert row["months"] == 9
        assert row["correlation"] == pytest.approx(correlation(*changes[:2]))
        assert row["rate_correlation"] == pytest.approx(correlation(*rates))
        if month > 1:
            assert row["ai_growth"] == pytest.approx(ai[month] / ai[month - 1] - 1)
            assert row["human_growth"] == pytest.approx(human[month] / human[month - 1] - 1)


def test_rates_that_never_change_have_no_correlation(embedded_clickhouse: Server) -> None:
    client = connect(Address(*embedded_clickhouse, "default"), **WRITER_SETTINGS)
    migrate(client, "steady")
    client.command("INSERT INTO taxonomy_activations VALUES (now64(3), 'v1')")
    client.command("INSERT INTO skills VALUES ('care', 'Care', 'human', 'other', 'v1')")
    rows_of = (
        "INSERT INTO {table} SELECT toDateTime('2025-01-01', 'UTC') + toIntervalMonth(number), {skill} 'other', true,"
        " 'smb', 'US', 's', 0, 'v1', {posts}[number + 1], number FROM numbers(4)"
    )
    every, human = [10, 20, 15, 40], [5, 9, 8, 16]  # every post involves AI
    client.command(rows_of.format(table="category_demand", skill="", posts=every))
    client.command(rows_of.format(table="skill_demand", skill="'care',", posts=human))
    view = call("complementarity", since="2025-01-01", until="2025-05-01")
    rows = client.query(f"SELECT months, correlation, rate_correlation FROM {view}").result_rows
    changes = [[math.log(after / before) for before, after in pairwise(counts)] for counts in (every, human)]
    assert rows == [(3, pytest.approx(correlation(*changes)), None)] * 8
    client.command("DROP DATABASE steady")
    client.close()


def test_skills_together(filled: Filled) -> None:
    posts = filled.within(SINCE, UNTIL)
    python = [post for post in posts if "python" in post.skills]
    every = Counter(skill for post in posts for skill in post.skills)
    together = Counter(skill for post in python for skill in post.skills if skill != "python")
    rows = filled.rows("skills_together", skill="python", since=SINCE, until=UNTIL, min_posts=3)
    assert {row["skill"]: row["together"] for row in rows} == {s: n for s, n in together.items() if n >= 3}
    for row in rows:
        share = together[row["skill"]] / len(python)
        lift = share / (every[row["skill"]] / len(posts))
        assert (row["share"], row["lift"]) == pytest.approx((share, lift))


def test_pay_by_skill_contract_and_currency(filled: Filled) -> None:
    pays: dict[tuple[str, str, str], list[float]] = {}
    for post in filled.within(SINCE, UNTIL):
        if post.contract == "fixed":
            pay = post.fixed_budget
        else:
            assert post.hourly_min is not None and post.hourly_max is not None
            pay = (post.hourly_min + post.hourly_max) / 2
        for skill in post.skills:
            pays.setdefault((skill, post.contract, post.currency), []).append(pay or 0.0)
    rows = filled.rows("skill_pay", since=SINCE, until=UNTIL, min_posts=5)
    found = {(row["skill"], row["contract"], row["currency"]): row for row in rows}
    assert found.keys() == {key for key, amounts in pays.items() if len(amounts) >= 5}
    for key, row in found.items():
        p25, _, p75 = quantiles(pays[key], n=4, method="inclusive")
        assert (row["p25"], row["median"], row["p75"]) == pytest.approx((p25, median(pays[key]), p75))


def test_new_skills_are_seen_for_the_first_time(filled: Filled) -> None:
    first: dict[str, datetime] = {}
    for post in sorted(filled.posts, key=lambda post: post.posted_at):
        for skill in post.skills:
            first.setdefault(skill, post.posted_at)
    since = datetime(2024, 10, 2, tzinfo=UTC)
    rows = filled.client.query(f"SELECT * FROM new_skills(since = '{since:%Y-%m-%d}', until = '2025-12-01')")
    assert {row["skill"]: row["first_day"] for row in rows.named_results()} == {
        skill: at.date() for skill, at in first.items() if at >= since
    }


def test_ingest_times(filled: Filled) -> None:
    ever = "since = '2000-01-01', until = '2030-01-01'"
    row = filled.client.query(
        f"SELECT sum(posts) AS posts, max(longest) AS longest FROM ingest_times({ever})"
    ).first_item
    longest = max((INGESTED - post.posted_at).total_seconds() for post in filled.posts)
    assert (row["posts"], row["longest"]) == (len(filled.posts), longest)


def test_activity(filled: Filled) -> None:
    posts = filled.within(SINCE, UNTIL, market="US")
    (row,) = filled.rows("activity", since=SINCE, until=UNTIL, market="US")
    mentions = sum(len(post.skills) for post in posts)
    assert (row["posts"], row["ai_posts"]) == (len(posts), sum(post.ai for post in posts))
    assert row["active_skills"] == len({skill for post in posts for skill in post.skills})
    assert (row["mentions"], row["skills_per_post"]) == (mentions, pytest.approx(mentions / len(posts)))


def test_pace_stands_beside_the_week_before(filled: Filled) -> None:
    since = datetime(2025, 11, 10, 6, tzinfo=UTC)
    rows = filled.rows("pace", step=3600 * 6, since=since, until=LAST)
    assert len(rows) == 42
    for row in rows:
        at, step, week = row["at"].replace(tzinfo=UTC), timedelta(hours=6), timedelta(days=7)
        this = filled.within(at, min(at + step, LAST))
        assert (row["posts"], row["per_minute"]) == (len(this), pytest.approx(len(this) / 360))
        assert row["posts_week_before"] == len(filled.within(at - week, min(at + step, LAST) - week))


def test_latest_posts_come_first(filled: Filled) -> None:
    rows = filled.rows(
        "latest_posts", most=7, since=FIRST, until=LAST + timedelta(days=1), category_group="development"
    )
    posts = filled.within(FIRST, LAST + timedelta(days=1), category_group="development")
    latest = sorted(posts, key=lambda post: (-post.posted_at.timestamp(), post.post_id))[:7]
    assert [row["post_id"] for row in rows] == [post.post_id for post in latest]
    assert [len(row["skills"]) for row in rows] == [len(post.skills) for post in latest]


def test_newest_post(filled: Filled) -> None:
    row = filled.client.query("SELECT * FROM newest_post").first_item
    assert row["posted_at"].replace(tzinfo=UTC) == max(post.posted_at for post in filled.posts)
    assert row["age_seconds"] > 0
