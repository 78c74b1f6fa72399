"""A commit never passes a batch that was not acknowledged, whatever is handed out, read again and acknowledged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.ledger import Ledger


@pytest.mark.parametrize(
    ("handed_out", "acknowledged", "commit"),
    [
        pytest.param([(0, 2), (3, 5)], [], None, id="nothing acknowledged"),
        pytest.param([(0, 2), (3, 5)], [(0, 2)], 3, id="the head"),
        pytest.param([(0, 2), (3, 5), (6, 7)], [(0, 2), (6, 7)], 3, id="a batch between is missing"),
        pytest.param([(0, 2), (3, 5)], [(3, 5)], None, id="the head is missing"),
        pytest.param([(0, 0), (1, 5)], [(0, 0), (1, 5)], 6, id="a single record at the start of the log"),
        pytest.param([(50, 50), (51, 99)], [(51, 99)], None, id="a single record is missing"),
        pytest.param([(0, 2), (5, 7)], [(0, 2), (5, 7)], 8, id="holes in the log"),
        pytest.param([(0, 2)], [(0, 2), (3, 99)], 3, id="a batch from before the assignment"),
    ],
)
def test_what_may_be_committed(
    handed_out: list[tuple[int, int]], acknowledged: list[tuple[int, int]], commit: int | None
) -> None:
    ledger = Ledger()
    for batch in handed_out:
        ledger.hand_out(*batch)
    for batch in acknowledged:
        ledger.acknowledge(*batch)
    assert ledger.committable() == commit


def test_what_is_read_again_must_be_acknowledged_again() -> None:
    ledger = Ledger()
    ledger.hand_out(0, 9)
    ledger.hand_out(10, 19)
    ledger.acknowledge(10, 19)
    ledger.hand_out(5, 14)
    ledger.acknowledge(0, 9)
    assert ledger.committable() is None
    ledger.acknowledge(5, 14)
    assert ledger.committable() == 15


def test_a_batch_from_before_the_assignment_does_not_stand_for_a_longer_one_with_its_end() -> None:
    ledger = Ledger()
    ledger.hand_out(0, 19)
    ledger.acknowledge(10, 19)
    assert ledger.committable() is None


@given(st.lists(st.integers(1, 5), min_size=1, max_size=30), st.data())
def test_commits_are_the_end_of_the_acknowledged_head(sizes: list[int], data: st.DataObject) -> None:
    ledger, ends, offset = Ledger(), [], 0
    starts = {}
    for size in sizes:
        ledger.hand_out(offset, offset + size - 1)
        starts[offset + size - 1] = offset
        offset += size
        ends.append(offset - 1)
    acknowledged: set[int] = set()
    committed = 0
    for last in data.draw(st.permutations(ends)):
        ledger.acknowledge(starts[last], last)
        acknowledged.add(last)
        if data.draw(st.booleans()):
            committed = ledger.committable() or committed
            head = next((end for end in ends if end not in acknowledged), ends[-1] + 1)
            start = 0 if head == ends[0] else ends[ends.index(head) - 1] + 1 if head in ends else head
            assert committed == start
    assert (ledger.committable() or committed) == offset
