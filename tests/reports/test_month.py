"""Which month is reported, and until when."""

from datetime import UTC, date, datetime, timedelta

import pytest

from reports.month import Held, NoSuchMonth, as_of, chosen, coverage, next_month
from tests.reports.sample import period

NOW = datetime(2025, 12, 10, 12, tzinfo=UTC)
OCTOBER, NOVEMBER, DECEMBER = (date(2025, month, 1) for month in (10, 11, 12))


def days(first: date, until: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((until - first).days)]


def held(newest: datetime, *months: date, first: date = date(2025, 10, 1)) -> Held:
    every = [day for month in months for day in days(month, next_month(month))]
    return Held(tuple(day for day in every if first <= day <= newest.date()), newest)


@pytest.mark.parametrize(
    ("newest", "months", "month"),
    [
        pytest.param(
            datetime(2025, 12, 10, 11, tzinfo=UTC), (OCTOBER, NOVEMBER, DECEMBER), NOVEMBER, id="live"
        ),
        pytest.param(
            datetime(2025, 11, 30, 23, 50, tzinfo=UTC), (OCTOBER, NOVEMBER), NOVEMBER, id="backfill"
        ),
        pytest.param(datetime(2025, 11, 20, tzinfo=UTC), (OCTOBER, NOVEMBER), OCTOBER, id="posts end within"),
        pytest.param(datetime(2025, 12, 10, tzinfo=UTC), (DECEMBER,), DECEMBER, id="only a running month"),
    ],
)
def test_the_last_full_month_is_the_default(newest: datetime, months: tuple[date, ...], month: date) -> None:
    assert chosen(held(newest, *months), None, NOW) == month


@pytest.mark.parametrize(
    ("months", "said"),
    [
        pytest.param((), "no posts are stored", id="empty"),
        pytest.param((OCTOBER, NOVEMBER), "there are posts of 2025-10, 2025-11", id="another month"),
    ],
)
def test_a_month_without_posts_is_refused_with_advice(months: tuple[date, ...], said: str) -> None:
    with pytest.raises(NoSuchMonth, match=said):
        chosen(held(NOW, *months), date(2024, 1, 1), NOW)


def test_a_month_that_has_not_begun_is_none() -> None:
    now = datetime(2025, 11, 30, 22, tzinfo=UTC)
    ahead = Held((*days(NOVEMBER, DECEMBER), DECEMBER), datetime(2025, 12, 1, 8, tzinfo=UTC))
    assert chosen(ahead, None, now) == NOVEMBER
    with pytest.raises(NoSuchMonth, match="2025-12 has not begun: there are posts of 2025-11"):
        chosen(ahead, DECEMBER, now)


def test_a_full_month_is_counted_whole_a_running_one_until_its_newest_post() -> None:
    newest = datetime(2025, 12, 10, 11, tzinfo=UTC)
    stored = held(newest, OCTOBER, NOVEMBER, DECEMBER)
    assert as_of(stored, NOVEMBER, NOW) == NOW
    assert newest < as_of(stored, DECEMBER, NOW) <= NOW


START, END = date(2024, 11, 1), date(2025, 12, 1)


@pytest.mark.parametrize(
    ("stored", "covered"),
    [
        pytest.param(days(START, END), (True, True, True), id="a year"),
        pytest.param(days(date(2025, 10, 2), END), (True, True, False), id="a quiet first night"),
        pytest.param(days(date(2025, 10, 9), END), (True, False, False), id="begins within the month before"),
        pytest.param(days(date(2025, 11, 9), END), (False, False, False), id="begins within the month"),
        pytest.param(
            [day for day in days(START, END) if not date(2025, 10, 5) <= day <= date(2025, 10, 20)],
            (True, False, True),
            id="a gap within the month before",
        ),
        pytest.param(
            [*days(START, date(2025, 9, 20)), *days(date(2025, 11, 3), END)],
            (False, False, False),
            id="a gap into the month",
        ),
        pytest.param(
            [*days(START, date(2024, 11, 20)), *days(date(2025, 9, 1), END)],
            (True, True, False),
            id="a gap in the year before",
        ),
        pytest.param(days(START, END)[::6], (True, True, True), id="few posts"),
    ],
)
def test_a_base_that_is_not_covered_is_known(stored: list[date], covered: tuple[bool, bool, bool]) -> None:
    found = coverage(Held(tuple(stored), NOW), period())
    assert (found.whole, found.before, found.year_before) == covered


def test_a_month_whose_start_is_missing_is_not_the_default() -> None:
    stored = [*days(date(2025, 8, 1), date(2025, 10, 1)), *days(date(2025, 10, 21), date(2025, 12, 11))]
    now = datetime(2025, 12, 10, 12, tzinfo=UTC)
    assert chosen(Held(tuple(stored), now), None, now) == NOVEMBER
    assert chosen(Held(tuple(stored[:-30]), now), None, datetime(2025, 11, 11, tzinfo=UTC)) == date(
        2025, 9, 1
    )
