"""What the demo sends reaches up to now, and its full months are exact whatever the clock says."""

import itertools
import json
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from streams.demo_posts import DemoPosts
from streams.simulate import SimulatedRecord, load_scenario
from streams.simulate.phrases import banks
from streams.simulate.scaling import scaled

POSTS = 10_000
ANCHOR = date(2025, 12, 1)
LABELS = {bank.label: category for category, bank in banks().items()}
EARLY, LATE = (datetime(2025, 12, day, 15, 30, tzinfo=UTC).timestamp() for day in (1, 20))


def made(now: float, anchor: date = ANCHOR) -> DemoPosts:
    return DemoPosts(POSTS, 1, anchor, 2, now)


def posted(record: SimulatedRecord) -> float:
    return datetime.fromisoformat(json.loads(record.value_bytes)["posted_at"]).timestamp()


def posts(records) -> list[SimulatedRecord]:
    return [record for record in records if record.kind == "post"]


@pytest.mark.parametrize("now", [pytest.param(EARLY, id="on the first"), pytest.param(LATE, id="later")])
def test_the_full_months_are_exact_at_any_time(now: float) -> None:
    found = Counter()
    for record in posts(made(now).history()):
        post = json.loads(record.value_bytes)
        found[LABELS[post["category"]], post["posted_at"][:7]] += 1
    counts = scaled(load_scenario("november"), POSTS)
    for category, pair in counts.items():
        assert (found[category, "2025-10"], found[category, "2025-11"]) == pair


def test_the_history_reaches_up_to_now_and_not_beyond() -> None:
    demo = made(LATE)
    moments = [posted(record) for record in posts(demo.history())]
    assert LATE - 3_600 < max(moments) <= LATE
    days = Counter(datetime.fromtimestamp(moment, UTC).date() for moment in moments)
    assert all(days[date(2025, 12, day)] > 30 for day in range(1, 21))
    assert len(moments) == pytest.approx(demo.in_history, rel=0.03)
    assert posts(demo.full_months()) and demo.in_full_months == POSTS


def test_the_newest_day_comes_first() -> None:
    first, *_, last = (posted(record) for record in posts(made(LATE).history()))
    assert first > LATE - 86_400
    assert last < datetime(2025, 12, 1, tzinfo=UTC).timestamp()


def test_what_goes_on_live_is_what_the_day_still_holds_and_a_wave() -> None:
    demo = made(LATE)
    records = list(itertools.islice(demo.live(0.5), 8_000))
    assert LATE < records[0].at < LATE + 30
    assert [record.at for record in records] == sorted(record.at for record in records)
    assert records[-1].at > LATE + 9 * 3_600, "it goes on after midnight"
    assert len({record.key for record in posts(records)}) == len(posts(records))
    before = {record.key for record in demo.history() if record.kind == "post"}
    assert not before & {record.key for record in posts(records)}


def test_an_old_anchor_does_not_make_a_long_history_and_a_future_one_none() -> None:
    recent = [posted(record) for record in posts(made(LATE, date(2024, 12, 1)).history())]
    assert sum(moment > LATE - 36 * 86_400 for moment in recent) == len(recent) - POSTS
    assert made(LATE, date(2026, 1, 1)).in_history == POSTS
