import json
from collections import Counter
from datetime import date, timedelta

import pytest

from streams.simulate import load_scenario
from streams.simulate.calendar import days_of
from streams.simulate.mishaps import Mishaps
from streams.simulate.onward import day_of_posts, posts_of_day
from streams.simulate.scaling import scaled
from streams.simulate.waves import EVERY, LASTS, waves

SCENARIO = load_scenario("november")
ANCHOR = date(2025, 12, 1)
POSTS = 60_000
DAY = date(2025, 12, 9)
START = 1_764_000_000.0


def test_a_month_of_days_continues_the_scenarios_month() -> None:
    expected = Counter()
    for day in days_of(ANCHOR):
        expected.update(posts_of_day(SCENARIO, POSTS, ANCHOR, day))
    counts = scaled(SCENARIO, POSTS)
    assert expected["web_development"] == pytest.approx(counts["web_development"][1] * 0.88)
    assert expected["qa_testing"] == pytest.approx(counts["qa_testing"][1] * 0.88 * 1.02)
    assert expected["interpretation_tutoring"] == pytest.approx(
        counts["interpretation_tutoring"][1] * 0.84 / 1.03 * 1.025
    )


def test_the_twelfth_month_on_has_the_scenarios_season_again() -> None:
    a_year_on = [posts_of_day(SCENARIO, POSTS, ANCHOR, day)["legal"] for day in days_of(date(2026, 11, 1))]
    assert sum(a_year_on) == pytest.approx(scaled(SCENARIO, POSTS)["legal"][1] * 1.001**12)


def test_a_day_holds_what_is_expected_of_it() -> None:
    records = list(day_of_posts(SCENARIO, POSTS, 1, ANCHOR, DAY, Mishaps(0, 0, 0)))
    expected = sum(posts_of_day(SCENARIO, POSTS, ANCHOR, DAY).values())
    assert len(records) == pytest.approx(expected, abs=len(SCENARIO.categories))
    assert {json.loads(record.value_bytes)["posted_at"][:10] for record in records} == {"2025-12-09"}


def test_days_are_functions_of_their_arguments_and_share_no_post() -> None:
    today, again, tomorrow = (
        list(day_of_posts(SCENARIO, 6_000, 1, ANCHOR, day)) for day in (DAY, DAY, DAY + timedelta(days=1))
    )
    assert today == again
    assert not {record.key for record in today} & {record.key for record in tomorrow}
    assert [record.at for record in today] == sorted(record.at for record in today)
    assert {"post", "repeat"} <= {record.kind for record in today}


def test_waves_come_every_hour_each_in_one_category_and_end() -> None:
    seen: dict[int, set[str]] = {}
    for record in waves(SCENARIO, 0.5, 1, START):
        wave, second = divmod(record.at - START, EVERY)
        if wave == 3:
            break
        assert second < LASTS
        if record.kind != "bad":
            seen.setdefault(int(wave), set()).add(json.loads(record.value_bytes)["category"])
    assert [len(categories) for categories in seen.values()] == [1, 1, 1]
    assert len(set().union(*seen.values())) == 3
