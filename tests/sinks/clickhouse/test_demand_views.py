"""Demand, shares, growth: views against plain Python over the same posts."""

import math
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect
from sinks.clickhouse.migrate import migrate
from sinks.rows import PostRow
from tests.conftest import Server
from tests.sinks.clickhouse.filled import FILTERS, LAST, Filled, call

NOVEMBER = datetime(2025, 11, 1, tzinfo=UTC)
OCTOBER = datetime(2025, 10, 1, tzinfo=UTC)
Z = 1.959964

RANGES = [
    pytest.param(OCTOBER, NOVEMBER, id="whole days"),
    pytest.param(
        datetime(2025, 8, 3, 6, 1, tzinfo=UTC), datetime(2025, 9, 10, 18, 7, tzinfo=UTC), id="broken ends"
    ),
    pytest.param(
        datetime(2025, 9, 3, 6, 0, tzinfo=UTC), datetime(2025, 9, 3, 21, 0, tzinfo=UTC), id="within a day"
    ),
    pytest.param(
        datetime(2025, 9, 3, 20, 0, tzinfo=UTC), datetime(2025, 9, 4, 3, 0, tzinfo=UTC), id="over midnight"
    ),
    pytest.param(datetime(2000, 1, 1, tzinfo=UTC), LAST + timedelta(days=9), id="all there is"),
    pytest.param(datetime(2030, 1, 1, tzinfo=UTC), datetime(2030, 2, 1, tzinfo=UTC), id="nothing"),
]


def items(filled: Filled, of: str, posts: Iterable[PostRow]) -> Counter[str]:
    """The number of posts of each item."""
    of_post = {
        "skill": lambda post: post.skills,
        "kind": lambda post: {filled.kind_of[skill] for skill in post.skills},
        "category": lambda post: [post.category],
        "category_group": lambda post: [filled.group_of[post.category]],
        "client_size": lambda post: [post.client_size],
        "market": lambda post: [post.market],
        "ai": lambda post: ["true" if post.ai else "false"],
        "all": lambda post: ["all"],
    }[of]
    return Counter(item for post in posts for item in of_post(post))


def demand(filled: Filled, of: str, **arguments: Any) -> list[dict[str, Any]]:
    """The rows of `demand`, or of its like for kinds of skills."""
    return (
        filled.rows("kind_demand", **arguments) if of == "kind" else filled.rows("demand", of=of, **arguments)
    )


@pytest.mark.parametrize("of", ["category", "category_group", "client_size", "market", "ai", "all"])
def test_demand_of_every_item(filled: Filled, of: str) -> None:
    rows = filled.rows("demand", of=of, since=OCTOBER, until=LAST)
    assert {row["item"]: row["posts"] for row in rows} == dict(
        items(filled, of, filled.within(OCTOBER, LAST))
    )


@pytest.mark.parametrize(("since", "until"), RANGES)
@pytest.mark.parametrize("of", ["skill", "kind"])
def test_demand_is_the_number_of_posts(filled: Filled, of: str, since: datetime, until: datetime) -> None:
    posts = filled.within(since, until)
    rows = demand(filled, of, since=since, until=until)
    assert {row["item"]: row["posts"] for row in rows} == dict(items(filled, of, posts))
    assert {row["item"]: row["ai_posts"] for row in rows if row["ai_posts"]} == dict(
        items(filled, of, [post for post in posts if post.ai])
    )
    assert all(row["of_posts"] == len(posts) for row in rows)


@pytest.mark.parametrize(
    "filters",
    [
        pytest.param({"category_group": "development"}, id="group"),
        pytest.param({"category": "translation"}, id="category"),
        pytest.param({"client_size": "smb", "market": "US"}, id="size and market"),
        pytest.param({"ai": "true"}, id="with AI"),
        pytest.param({"ai": "false", "market": "other"}, id="without AI elsewhere"),
    ],
)
@pytest.mark.parametrize("of", ["skill", "kind"])
def test_filters_hold_for_posts_and_denominator(filled: Filled, of: str, filters: dict[str, str]) -> None:
    posts = filled.within(OCTOBER, LAST, **filters)
    assert posts
    rows = demand(filled, of, since=OCTOBER, until=LAST, **filters)
    assert {row["item"]: row["posts"] for row in rows} == dict(items(filled, of, posts))
    assert {row["of_posts"] for row in rows} == {len(posts)}


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("of", ["skill", "kind"])
def test_no_post_passes_a_filter_by_what_is_not_there(filled: Filled, of: str, name: str) -> None:
    assert demand(filled, of, since=OCTOBER, until=LAST, **{name: "True"}) == []


def test_what_nothing_is_counted_by_is_refused(filled: Filled) -> None:
    with pytest.raises(Exception, match="of must be skill, category"):
        filled.rows("demand", of="kind", since=OCTOBER, until=LAST)


def test_share_rank_and_interval(filled: Filled) -> None:
    rows = filled.rows("demand", of="skill", since=OCTOBER, until=LAST)
    counts = sorted((row["posts"] for row in rows), reverse=True)
    for row in rows:
        k, n = row["posts"], row["of_posts"]
        middle = (k + Z * Z / 2) / (n + Z * Z)
        half = Z * math.sqrt(k * (n - k) / n + Z * Z / 4) / (n + Z * Z)
        assert row["share"] == pytest.approx(k / n)
        assert (row["share_low"], row["share_high"]) == pytest.approx((middle - half, middle + half))
        assert row["ai_share"] == pytest.approx(row["ai_posts"] / k)
        assert row["rank"] == counts.index(k) + 1


def growth(posts: int, before: int) -> dict[str, Any]:
    """Growth and its interval."""
    ratio = math.log((posts + 0.5) / (before + 0.5))
    half = Z * math.sqrt(1 / (posts + 0.5) + 1 / (before + 0.5))
    return {
        "growth": posts / before - 1 if before else None,
        "growth_low": math.exp(ratio - half) - 1,
        "growth_high": math.exp(ratio + half) - 1,
    }


@pytest.mark.parametrize("of", ["skill", "all"])
@pytest.mark.parametrize(
    ("as_of", "until", "before_until", "year_until", "partial"),
    [
        pytest.param(
            "2026-01-01",
            datetime(2025, 12, 1, tzinfo=UTC),
            NOVEMBER,
            datetime(2024, 12, 1, tzinfo=UTC),
            False,
            id="a month that is over",
        ),
        pytest.param(
            "2025-11-20 12:30",
            LAST,
            datetime(2025, 10, 20, 12, 30, tzinfo=UTC),
            datetime(2024, 11, 20, 12, 30, tzinfo=UTC),
            True,
            id="a running month",
        ),
    ],
)
def test_growth_of_a_month(
    filled: Filled,
    of: str,
    as_of: str,
    until: datetime,
    before_until: datetime,
    year_until: datetime,
    partial: bool,
) -> None:
    year_since = datetime(2024, 11, 1, tzinfo=UTC)
    now = items(filled, of, filled.within(NOVEMBER, until))
    before = items(filled, of, filled.within(OCTOBER, before_until))
    year = items(filled, of, filled.within(year_since, year_until))
    rows = filled.rows("growth", of=of, month="2025-11-17", as_of=as_of, min_base=30)
    assert {row["item"] for row in rows} == now.keys() | before.keys()
    totals = len(filled.within(NOVEMBER, until)), len(filled.within(OCTOBER, before_until))
    for row in rows:
        posts, base = now[row["item"]], before[row["item"]]
        assert (row["posts"], row["posts_before"], row["posts_year_before"]) == (
            posts,
            base,
            year[row["item"]],
        )
        assert row["partial"] is partial
        expected = growth(posts, base)
        assert {name: row[name] for name in expected} == pytest.approx(expected)
        assert row["enough"] == (base >= 30)
        assert (row["rank"] is not None) == (base >= 30)
        assert row["share_points"] == pytest.approx(100 * (posts / totals[0] - base / totals[1]))
        verdict = (
            "up"
            if expected["growth_low"] > 0
            else "down"
            if expected["growth_high"] < 0
            else "no clear change"
        )
        assert row["verdict"] == (verdict if base >= 30 else "base too small")
        days = (until - NOVEMBER) / timedelta(days=1)
        days_before = (before_until - OCTOBER) / timedelta(days=1)
        assert (row["per_day"], row["per_day_before"]) == pytest.approx((posts / days, base / days_before))
        if year[row["item"]] >= 30:
            assert row["growth_year"] == pytest.approx(posts / year[row["item"]] - 1)
        else:
            assert row["growth_year"] is None
    ranked = sorted((row for row in rows if row["enough"]), key=lambda row: row["rank"])
    assert [row["growth"] for row in ranked] == sorted((row["growth"] for row in ranked), reverse=True)


def test_a_month_or_week_that_is_stored_in_part_is_no_base(embedded_clickhouse: Server) -> None:
    client = connect(Address(*embedded_clickhouse, "default"), **WRITER_SETTINGS)
    migrate(client, "ten_a_day")
    client.command("INSERT INTO taxonomy_activations VALUES (now64(3), 'v1')")
    client.command(
        "INSERT INTO category_demand SELECT toDateTime('2024-11-20', 'UTC') + toIntervalDay(number), 'other', false,"
        " 'smb', 'US', 's', 0, 'v1', 10, number FROM numbers(376)"
    )
    figures = "posts, posts_before, posts_year_before, enough, verdict, rank, growth_year, growth_year_low"
    found = {
        month: client.query(
            f"SELECT {figures} FROM {call('growth', of='all', month=month, as_of='2026-01-01', min_base=30)}"
        ).result_rows
        for month in ("2024-12-01", "2025-01-01", "2025-11-01")
    }
    assert found == {
        "2024-12-01": [(310, 110, 0, False, "base too small", None, None, None)],
        "2025-01-01": [(310, 310, 0, True, "no clear change", 1, None, None)],
        "2025-11-01": [(300, 310, 110, True, "no clear change", 1, None, None)],
    }
    recent = {
        until: client.query(
            "SELECT posts, posts_before, enough, verdict FROM"
            f" {call('recent_change', of='all', until=until, width=7 * 86400, min_base=30)}"
        ).result_rows
        for until in ("2024-12-02", "2024-12-05")
    }
    assert recent == {
        "2024-12-02": [(70, 50, False, "base too small")],
        "2024-12-05": [(70, 70, True, "no clear change")],
    }
    client.command("DROP DATABASE ten_a_day")
    client.close()


@pytest.mark.parametrize(
    ("month", "as_of", "expected"),
    [
        pytest.param(
            "2025-03-31", "2025-03-30 12:00", ("2025-02-01", "2025-03-01", "2024-04-01"), id="longer month"
        ),
        pytest.param("2025-03-01", "2025-04-01", ("2025-02-01", "2025-03-01", "2024-04-01"), id="just over"),
        pytest.param(
            "2025-01-15",
            "2025-01-02 06:00",
            ("2024-12-01", "2024-12-02 06:00", "2024-01-02 06:00"),
            id="new year",
        ),
        pytest.param(
            "2024-02-01", "2024-02-29 12:00", ("2024-01-01", "2024-01-29 12:00", "2023-03-01"), id="leap day"
        ),
        pytest.param("2025-05-01", "2025-04-01", ("2025-04-01", "2025-04-01", "2024-05-01"), id="not begun"),
    ],
)
def test_month_ranges(filled: Filled, month: str, as_of: str, expected: tuple[str, str, str]) -> None:
    row = filled.client.query(f"SELECT * FROM month_ranges(month = '{month}', as_of = '{as_of}')").first_item
    found = row["before_since"], row["before_until"], row["year_until"]
    wanted = tuple(datetime.fromisoformat(text).replace(tzinfo=UTC) for text in expected)
    if month == "2025-03-31":  # 29.5 days: the year before has as many
        wanted = (*wanted[:2], datetime(2024, 3, 30, 12, tzinfo=UTC))
    assert tuple(time.replace(tzinfo=UTC) for time in found) == wanted


def test_movers_are_the_clear_changes_of_growth(filled: Filled) -> None:
    arguments = {"of": "skill", "month": "2025-11-01", "as_of": LAST, "min_base": 5}
    clear = [row for row in filled.rows("growth", **arguments) if row["verdict"] in ("up", "down")]
    movers = filled.rows("movers", **arguments)
    assert {row["item"] for row in movers} == {row["item"] for row in clear}
    for direction in ("up", "down"):
        own = [row for row in movers if row["direction"] == direction]
        assert [row["place"] for row in own] == list(range(1, len(own) + 1))
        assert [abs(row["growth"]) for row in own] == sorted(
            (abs(row["growth"]) for row in own), reverse=True
        )


def test_recent_change_compares_with_the_week_before(filled: Filled) -> None:
    until, width = datetime(2025, 11, 10, 9, tzinfo=UTC), timedelta(days=3)
    rows = filled.rows("recent_change", of="category", until=until, width=3 * 86400, min_base=1)
    now = items(filled, "category", filled.within(until - width, until))
    week = timedelta(days=7)
    before = items(filled, "category", filled.within(until - width - week, until - week))
    assert {row["item"]: (row["posts"], row["posts_before"]) for row in rows} == {
        item: (now[item], before[item]) for item in now.keys() | before.keys()
    }
