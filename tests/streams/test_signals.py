from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.signals import DAY, HOUR, MINUTE, WEEK, Look, Observation, Rules, Signal, detect, windows

RULES = Rules(false_alarms=1.0, min_posts=10, min_ratio=1.5, cooldown=HOUR)
AT = 1_760_000_040
STEADY = (100, 101, 99, 100)


def look(*observations: Observation, width: int = HOUR, total: int = 10_000) -> Look:
    """Steady posts in all, and some items among them."""
    scale = min(1.0, width / HOUR)
    weeks = tuple(round(total / scale) for _ in range(4))
    return Look(width, scale, [Observation("all", "all", total, weeks), *observations])


def python(posts: int, weeks: Sequence[int] = STEADY) -> Observation:
    return Observation("skill", "python", posts, tuple(weeks))


def told(signals: Sequence[Signal]) -> list[tuple[str, str, bool]]:
    return [(signal.item, signal.direction, signal.ended_at is None) for signal in signals]


@pytest.mark.parametrize(
    ("seen", "direction"),
    [
        pytest.param(python(100), None, id="as always"),
        pytest.param(python(149), None, id="below the least ratio"),
        pytest.param(python(300), "spike", id="three times as many"),
        pytest.param(python(30), "drop", id="a third"),
        pytest.param(python(0), "drop", id="nothing"),
        pytest.param(python(9, (0, 0, 0, 0)), None, id="new, but a handful"),
        pytest.param(python(60, (0, 0, 0, 0)), "spike", id="new and many"),
        pytest.param(python(0, (4, 5, 6, 5)), None, id="too few to drop"),
        pytest.param(python(300, (100, 300, 90, 110)), None, id="was so in one of the weeks"),
        pytest.param(python(130, (60, 140, 90, 110)), None, id="weeks differ as much"),
    ],
)
def test_what_stands_out(seen: Observation, direction: str | None) -> None:
    begun = detect(AT, [look(seen)], [], RULES)
    assert told(begun) == ([("python", direction, True)] if direction else [])


def test_a_signal_says_what_it_compared() -> None:
    (signal,) = detect(AT, [look(python(300))], [], RULES)
    assert (signal.posts, signal.weeks, signal.width, signal.started_at) == (300, STEADY, HOUR, AT)
    assert signal.expected == pytest.approx(100, rel=0.01)
    assert signal.p_value < signal.p_limit == pytest.approx(1 / (2 * 2 * 1440))


@pytest.mark.parametrize("factor", [pytest.param(3, id="tripled"), pytest.param(1 / 3, id="a third")])
def test_when_everything_changes_one_signal_says_so(factor: float) -> None:
    items = [Observation("skill", f"skill-{i}", round(100 * factor), STEADY) for i in range(50)]
    seen = [Observation("all", "all", round(10_000 * factor), (10_000,) * 4), *items]
    assert [signal.kind for signal in detect(AT, [Look(HOUR, 1.0, seen)], [], RULES)] == ["all"]


@pytest.mark.parametrize(
    "weeks",
    [
        pytest.param((0, 0, 0, 0), id="no history"),
        pytest.param((10_000, 0, 0, 0), id="one week"),
    ],
)
def test_without_history_nothing_stands_out(weeks: tuple[int, ...]) -> None:
    item = tuple(100 if week else 0 for week in weeks)
    seen = [Observation("all", "all", 10_000, weeks), python(900, item)]
    assert detect(AT, [Look(HOUR, 1.0, seen)], [], RULES) == []


def test_weeks_before_the_installation_are_no_baseline() -> None:
    seen = [Observation("all", "all", 10_000, (10_000, 10_000, 0, 0)), python(100, (100, 100, 0, 0))]
    assert detect(AT, [Look(HOUR, 1.0, seen)], [], RULES) == []


def test_a_signal_lasts_ends_and_cools_down() -> None:
    counts = [300, 200, 130, 100, 300, 300]
    at, known, history = AT, [], []
    for posts in counts:
        changed = detect(at, [look(python(posts))], known, RULES)
        history.append(told(changed))
        known = [*(k for k in known if k[:4] not in {c[:4] for c in changed}), *changed]
        at += MINUTE
    begins, ends = [("python", "spike", True)], [("python", "spike", False)]
    assert history == [begins, [], [], ends, [], []]
    assert told(detect(at + HOUR, [look(python(300))], known, RULES)) == begins


def test_an_item_that_is_not_seen_any_more_ends() -> None:
    (signal,) = detect(AT, [look(python(300))], [], RULES)
    (ended,) = detect(AT + MINUTE, [look()], [signal], RULES)
    assert ended == signal._replace(ended_at=AT + MINUTE)


def test_a_wider_window_says_nothing_new_of_what_a_narrower_one_found() -> None:
    narrow, wide = look(python(100, [200] * 4), width=10 * MINUTE), look(python(300))
    assert [signal.width for signal in detect(AT, [wide, narrow], [], RULES)] == [10 * MINUTE]
    (signal,) = detect(AT, [narrow], [], RULES)
    over = signal._replace(ended_at=AT + 30 * MINUTE)
    assert detect(AT + HOUR, [wide], [over], RULES) == []
    assert len(detect(AT + 2 * HOUR, [wide], [over], RULES)) == 1


def test_a_narrow_spike_is_told_within_a_wide_one() -> None:
    (day,) = detect(AT, [look(python(5_000, [1_000] * 4), width=DAY)], [], RULES)
    assert len(detect(AT + MINUTE, [look(python(300))], [day], RULES)) == 1


def test_the_windows_of_an_hour_and_of_ten_minutes() -> None:
    assert windows(AT, HOUR)[:2] == [(AT - HOUR, AT), (AT - HOUR - WEEK, AT - WEEK)]
    centre = AT - 5 * MINUTE - WEEK
    assert windows(AT, 10 * MINUTE)[:2] == [(AT - 10 * MINUTE, AT), (centre - HOUR // 2, centre + HOUR // 2)]
    assert windows(AT, DAY)[4] == (AT - DAY - 4 * WEEK, AT - 4 * WEEK)


observations = st.lists(
    st.builds(
        Observation,
        st.just("skill"),
        st.sampled_from("abcdef"),
        st.integers(0, 400),
        st.tuples(*[st.integers(0, 200)] * 4),
    ),
    max_size=6,
    unique_by=lambda seen: seen.item,
)


@settings(max_examples=40)
@given(st.lists(observations, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_looks_are_deterministic_in_any_order_and_repeating_one_changes_nothing(
    minutes: list[list[Observation]], random: Random
) -> None:
    known: dict[tuple[object, ...], Signal] = {}
    at = AT
    for seen in minutes:
        changed = detect(at, [look(*seen)], list(known.values()), RULES)
        shuffled = [look(*random.sample(seen, len(seen)))]
        again = detect(at, shuffled, random.sample(list(known.values()), len(known)), RULES)
        assert sorted(changed) == sorted(again)
        for signal in changed:
            assert signal.ended_at in (None, at)
            assert (signal.ended_at is None) == (signal.started_at == at)
            assert signal[:4] not in known or known[signal[:4]].ended_at is None
        known |= {signal[:4]: signal for signal in changed}
        lasting = [(s.kind, s.item, s.width) for s in known.values() if s.ended_at is None]
        assert len(lasting) == len(set(lasting))
        at += MINUTE
