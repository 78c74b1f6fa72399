import pytest

from streams.windows import CountRow, Key, Windows, pane_start

KEY = Key("python", "web_development", False, "smb", "US")


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
    windows.load([60], [CountRow(60, KEY, *stored)] if stored else [])
    windows.count(60, KEY, offset)
    assert list(windows.take_changes()) == ([CountRow(60, KEY, *becomes)] if becomes else [])


def test_only_panes_that_the_store_may_hold_are_loaded():
    windows = Windows(stored_until=120)
    assert windows.touch([0, 120, 180, 60]) == [0, 60, 120]


def test_nothing_is_loaded_where_nothing_is_stored():
    assert Windows(stored_until=None).touch([0, 60]) == []


def test_a_forgotten_pane_must_be_loaded_again():
    windows = Windows(stored_until=None)
    windows.touch([0])
    windows.count(0, KEY, 1)
    windows.touch([60])
    windows.count(60, KEY, 2)
    list(windows.take_changes())
    windows.shrink(most_counts=1)
    assert len(windows) == 1
    assert windows.touch([0, 60, 120]) == [0]


def test_changes_are_given_once_and_absolute():
    windows = Windows(stored_until=None)
    windows.touch([0])
    for offset in (3, 4, 9):
        windows.count(0, KEY, offset)
    assert list(windows.take_changes()) == [CountRow(0, KEY, 3, 9)]
    assert list(windows.take_changes()) == []
    windows.count(0, KEY, 10)
    assert list(windows.take_changes()) == [CountRow(0, KEY, 4, 10)]
