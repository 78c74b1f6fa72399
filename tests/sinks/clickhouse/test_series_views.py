"""Series, index, season, rolling windows: views against plain Python over the same posts."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from statistics import mean, pvariance

import pytest

from tests.sinks.clickhouse.filled import FIRST, LAST, Filled

SINCE, UNTIL = datetime(2025, 8, 1, tzinfo=UTC), datetime(2025, 8, 20, tzinfo=UTC)
DAY = timedelta(days=1)


def by_day(filled: Filled, skill: str | None = None, **filters: str) -> Counter[date]:
    every = filled.within(FIRST, LAST + DAY, **filters)
    return Counter(post.posted_at.date() for post in every if skill is None or skill in post.skills)


def test_series_has_every_day_and_its_trailing_mean(filled: Filled) -> None:
    rows = filled.rows(
        "demand_series", of="skill", items=["python", "seo"], since=SINCE, until=UNTIL, market="US"
    )
    total = by_day(filled, market="US")
    for skill in ("python", "seo"):
        counts, ai = by_day(filled, skill, market="US"), by_day(filled, skill, market="US", ai="true")
        own = [row for row in rows if row["item"] == skill]
        assert [row["day"] for row in own] == [(SINCE + i * DAY).date() for i in range(19)]
        for row in own:
            week = [row["day"] - i * DAY for i in range(7)]
            of_week = sum(total[day] for day in week)
            assert (row["posts"], row["of_posts"], row["ai_posts"]) == (
                counts[row["day"]],
                total[row["day"]],
                ai[row["day"]],
            )
            assert row["mean_7d"] == pytest.approx(mean(counts[day] for day in week))
            assert row["share_7d"] == pytest.approx(sum(counts[day] for day in week) / of_week)


def test_index_is_100_at_its_base(filled: Filled) -> None:
    rows = filled.rows(
        "demand_index", of="all", items=["all"], base_day="2025-08-04", since=SINCE, until=UNTIL
    )
    series = filled.rows("demand_series", of="all", items=["all"], since=SINCE, until=UNTIL)
    at = {row["day"]: row["mean_7d"] for row in series}
    assert {row["day"]: row["index_value"] for row in rows} == pytest.approx(
        {day: 100 * value / at[date(2025, 8, 4)] for day, value in at.items()}
    )


def test_seasonal_adjustment_takes_the_week_out(filled: Filled) -> None:
    arguments = {"of": "all", "items": ["all"], "since": datetime(2025, 1, 1, tzinfo=UTC), "until": UNTIL}
    rows = filled.rows("demand_seasonal", **arguments)
    assert {row["method"] for row in rows} == {"STL"}
    assert all(row["adjusted"] == pytest.approx(row["posts"] - row["seasonal"], abs=1e-3) for row in rows)

    def spread(column: str) -> float:
        return pvariance(
            [mean(row[column] for row in rows if row["day"].weekday() == day) for day in range(7)]
        )

    assert spread("adjusted") < spread("posts") / 4


@pytest.mark.parametrize(
    ("view", "since", "until"),
    [
        pytest.param("demand_seasonal", SINCE, UNTIL, id="less than four weeks"),
        pytest.param("demand_seasonal", FIRST - 60 * DAY, FIRST + 20 * DAY, id="first post three weeks ago"),
        pytest.param("monthly_seasonal", FIRST, UNTIL, id="less than two years"),
        pytest.param("monthly_seasonal", FIRST - 999 * DAY, UNTIL, id="first post less than two years ago"),
    ],
)
def test_a_short_history_is_said_to_be_short(
    filled: Filled, view: str, since: datetime, until: datetime
) -> None:
    rows = filled.rows(view, of="all", items=["all"], since=since, until=until)
    assert rows
    assert {(row["method"], row["adjusted"]) for row in rows} == {("not adjusted: history too short", None)}


def test_monthly_series(filled: Filled) -> None:
    until = datetime(2025, 11, 16, tzinfo=UTC)
    rows = filled.rows(
        "monthly_series", of="category", items=[], since=datetime(2025, 9, 1, tzinfo=UTC), until=until
    )
    posts = filled.within(datetime(2025, 9, 1, tzinfo=UTC), until)
    expected = Counter((post.category, post.posted_at.month) for post in posts)
    former = filled.within(datetime(2024, 9, 1, tzinfo=UTC), datetime(2024, 11, 16, tzinfo=UTC))
    before = Counter((post.category, post.posted_at.month) for post in former)
    days = {9: 30, 10: 31, 11: 15}
    assert {(row["item"], row["month"].month): row["posts"] for row in rows} == dict(expected)
    for row in rows:
        key = row["item"], row["month"].month
        assert row["per_day"] == pytest.approx(expected[key] / days[key[1]])
        assert row["posts_year_before"] == before[key]


@pytest.mark.parametrize(
    ("width", "step", "since"),
    [
        pytest.param(3600, 3600, datetime(2025, 8, 3, 0, 0, tzinfo=UTC), id="an hour by the hour"),
        pytest.param(86400, 21600, datetime(2025, 8, 3, 5, 7, tzinfo=UTC), id="a day by six hours"),
        pytest.param(7 * 86400, 86400, datetime(2025, 8, 3, tzinfo=UTC), id="a week by the day"),
        pytest.param(28 * 86400, 7 * 86400, datetime(2025, 8, 3, 7, tzinfo=UTC), id="four weeks by the week"),
    ],
)
def test_rolling_demand_is_the_sum_of_its_window(
    filled: Filled, width: int, step: int, since: datetime
) -> None:
    until = since + timedelta(seconds=5 * step)
    rows = filled.rows(
        "rolling_demand", of="skill", items=["python"], width=width, step=step, since=since, until=until
    )
    expected = []
    for number in range(6):
        at = since + timedelta(seconds=number * step)
        posts = filled.within(at - timedelta(seconds=width), at)
        expected.append((at, sum("python" in post.skills for post in posts), len(posts)))
    assert [(row["at"].replace(tzinfo=UTC), row["posts"], row["of_posts"]) for row in rows] == expected


def test_a_width_that_the_step_does_not_divide_is_refused(filled: Filled) -> None:
    with pytest.raises(Exception, match="width must be a multiple of step"):
        filled.rows(
            "rolling_demand", of="all", items=["all"], width=3600, step=2400, since=SINCE, until=SINCE
        )
