"""Which month is reported, and until when."""

from datetime import UTC, date, datetime

import pytest

from reports.month import Held, NoSuchMonth, as_of, chosen, coverage
from tests.reports.sample import period

NOW = datetime(2025, 12, 10, 12, tzinfo=UTC)
OCTOBER, NOVEMBER, DECEMBER = (date(2025, month, 1) for month in (10, 11, 12))


def held(newest: datetime, *months: date, first: date = date(2025, 10, 1)) -> Held:
    return Held(first, newest, months)


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


def test_a_full_month_is_counted_whole_a_running_one_until_its_newest_post() -> None:
    newest = datetime(2025, 12, 10, 11, tzinfo=UTC)
    stored = held(newest, OCTOBER, NOVEMBER, DECEMBER)
    assert as_of(stored, NOVEMBER, NOW) == NOW
    assert newest < as_of(stored, DECEMBER, NOW) <= NOW


@pytest.mark.parametrize(
    ("first", "covered"),
    [
        pytest.param(date(2024, 11, 1), (True, True), id="a year"),
        pytest.param(date(2025, 10, 2), (True, False), id="a quiet first night"),
        pytest.param(date(2025, 10, 9), (False, False), id="begins within the month before"),
    ],
)
def test_a_base_that_is_not_covered_is_known(first: date, covered: tuple[bool, bool]) -> None:
    found = coverage(held(NOW, first=first), period())
    assert (found.before, found.year_before) == covered
