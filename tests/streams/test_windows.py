import numpy as np
import pytest

from streams.keys import Dimensions, Keys
from streams.windows import NO_COUNTS, Counts, Windows, pane_start

KEYS = Keys()


def key(pane, skill="python"):
    return KEYS.pack(np.array([pane]), [skill], [Dimensions("web_development", False, "smb", "US")])


def counts(*rows):
    """Counts of (key, posts, last_offset)."""
    packed, posts, last_offsets = zip(*rows, strict=True)
    return Counts(np.concatenate(packed), np.array(posts), np.array(last_offsets))


def rows(counts):
    return list(zip(*(column.tolist() for column in counts), strict=True))


def count(windows, pane, *offsets, skill="python"):
    windows.count(np.repeat(key(pane, skill), len(offsets)), np.array(offsets))


@pytest.mark.parametrize(
    ("event_time", "pane_seconds", "start"),
    [
        pytest.param(119, 60, 60, id="last second of a pane"),
        pytest.param(120, 60, 120, id="first second of the next: half-open"),
        pytest.param(0, 60, 0, id="epoch"),
        pytest.param(1_000_000_007, 1, 1_000_000_007, id="panes of a second"),
        pytest.param(86_399, 86_400, 0, id="panes of a day"),
    ],
)
def test_panes_are_half_open_and_aligned_to_the_epoch(event_time, pane_seconds, start):
    assert pane_start(event_time, pane_seconds) == start


@pytest.mark.parametrize(
    ("stored", "offset", "becomes"),
    [
        pytest.param(None, 7, (1, 7), id="first of its key"),
        pytest.param((3, 5), 7, (4, 7), id="counted on"),
        pytest.param((3, 7), 7, None, id="replay of the last"),
        pytest.param((3, 9), 7, None, id="replay from further back"),
        pytest.param((3, 0), 1, (4, 1), id="offset 0 is an offset"),
    ],
)
def test_an_offset_is_applied_once(stored, offset, becomes):
    windows = Windows(stored_until=60)
    assert windows.touch([60]) == [60]
    windows.load([60], counts((key(60), *stored)) if stored else NO_COUNTS)
    count(windows, 60, offset)
    expected = counts((key(60), *becomes)) if becomes else NO_COUNTS
    assert rows(windows.take_changes()) == rows(expected)


def test_a_batch_is_counted_as_its_posts_one_by_one_are():
    """Some of its offsets are in some of the counts: a replay that reaches beyond what was stored."""
    offsets = [4, 5, 6, 7, 8]
    stored = sorted([(key(60, "go"), 2, 6), (key(60), 9, 5)], key=lambda row: row[0][0])
    windows = Windows(stored_until=60)
    windows.touch([60])
    windows.load([60], counts(*stored))
    skills = ["python", "go", "sql"]
    packed = np.concatenate([key(60, skill) for _ in offsets for skill in skills])
    windows.count(packed, np.repeat(offsets, len(skills)))
    expected = [(key(60), 12, 8), (key(60, "go"), 4, 8), (key(60, "sql"), 5, 8)]
    assert rows(windows.take_changes()) == rows(counts(*sorted(expected, key=lambda row: row[0][0])))


def test_only_panes_that_the_store_may_hold_are_loaded():
    windows = Windows(stored_until=120)
    assert windows.touch([0, 120, 180, 60]) == [0, 60, 120]


def test_nothing_is_loaded_where_nothing_is_stored():
    assert Windows(stored_until=None).touch([0, 60]) == []


def test_a_forgotten_pane_must_be_loaded_again():
    windows = Windows(stored_until=None)
    for pane in (0, 60):
        windows.touch([pane])
        count(windows, pane, pane)
    windows.shrink(most_counts=2)
    windows.shrink(most_counts=1)
    assert len(windows) == 1
    assert windows.touch([0, 60, 120]) == [0]


def test_what_need_not_be_stored_yet_is_not_forgotten():
    windows = Windows(stored_until=None)
    windows.touch([0])
    count(windows, 0, 1)
    windows.shrink(most_counts=0)
    assert windows.touch([0]) == []
    assert rows(windows.take_changes()) == rows(counts((key(0), 1, 1)))


def test_changes_are_given_once_and_absolute():
    windows = Windows(stored_until=None)
    windows.touch([0])
    for offset in (3, 4, 9):
        count(windows, 0, offset)
    assert rows(windows.take_changes()) == rows(counts((key(0), 3, 9)))
    assert rows(windows.take_changes()) == []
    count(windows, 0, 10)
    assert rows(windows.take_changes()) == rows(counts((key(0), 4, 10)))


def test_changes_that_are_being_stored_do_not_change_any_more():
    windows = Windows(stored_until=None)
    windows.touch([0])
    count(windows, 0, 3)
    taken = windows.take_changes()
    count(windows, 0, 4, 5)
    assert rows(taken) == rows(counts((key(0), 1, 3)))
