"""Nothing is counted out of order and no commit passes a batch that was not acknowledged, whatever is read again."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.ledger import Ledger


class Record(NamedTuple):
    offset: int


def batch(first: int, last: int) -> list[Record]:
    return [Record(offset) for offset in range(first, last + 1)]


@pytest.mark.parametrize(
    ("handed_out", "acknowledged", "commit"),
    [
        pytest.param([(0, 2), (3, 5)], [], None, id="nothing acknowledged"),
        pytest.param([(0, 2), (3, 5)], [0], 3, id="the head"),
        pytest.param([(0, 2), (3, 5), (6, 7)], [0, 2], 3, id="a batch between is missing"),
        pytest.param([(0, 2), (3, 5)], [1], None, id="the head is missing"),
        pytest.param([(0, 0), (1, 5)], [0, 1], 6, id="a single record at the start of the log"),
        pytest.param([(50, 50), (51, 99)], [1], None, id="a single record is missing"),
        pytest.param([(0, 2), (5, 7)], [0, 1], 8, id="holes in the log"),
    ],
)
def test_what_may_be_committed(
    handed_out: list[tuple[int, int]], acknowledged: list[int], commit: int | None
) -> None:
    ledger, batches = Ledger(), [batch(*offsets) for offsets in handed_out]
    for one in batches:
        ledger.hand_out(one)
    for index in acknowledged:
        ledger.acknowledge(batches[index])
    assert ledger.committable() == commit


def test_what_is_read_again_must_be_taken_and_acknowledged_again() -> None:
    ledger, first, second, again = Ledger(), batch(0, 9), batch(10, 19), batch(5, 14)
    ledger.hand_out(first)
    ledger.hand_out(second)
    assert ledger.take(first) == 0
    ledger.acknowledge(second)
    ledger.hand_out(again)
    ledger.acknowledge(first)
    assert ledger.committable() is None
    assert ledger.take(second) is None
    assert ledger.take(again) == 5
    ledger.acknowledge(again)
    assert ledger.committable() == 15


def test_the_same_records_handed_out_before_the_assignment_are_another_batch() -> None:
    ledger, old, new = Ledger(), batch(0, 19), batch(0, 19)
    ledger.hand_out(new)
    ledger.acknowledge(old)
    assert ledger.committable() is None
    assert ledger.take(old) is None
    assert ledger.take(new) == 0


def test_a_batch_is_taken_after_the_one_before_it_and_once() -> None:
    ledger, first, second = Ledger(), batch(0, 2), batch(3, 5)
    ledger.hand_out(first)
    ledger.hand_out(second)
    assert ledger.take(second) is None
    assert ledger.take(first) == 0
    assert ledger.take(first) is None
    ledger.acknowledge(first)
    assert ledger.committable() == 3
    assert ledger.take(second) == 3


def test_what_lies_between_two_batches_is_no_record_and_the_partition_goes_on_before_it() -> None:
    ledger, first, second = Ledger(), batch(10, 12), batch(15, 17)
    ledger.hand_out(first)
    ledger.hand_out(second)
    assert [ledger.take(first), ledger.take(second)] == [10, 13]


@pytest.mark.parametrize("commits", [True, False])
def test_where_a_batch_was_taken_that_is_read_again_the_partition_goes_on_at_the_first_record(
    commits: bool,
) -> None:
    ledger, first, again = Ledger(), batch(10, 19), batch(15, 24)
    ledger.hand_out(first)
    ledger.take(first)
    if commits:
        ledger.acknowledge(first)
        ledger.committable()
    ledger.hand_out(again)
    assert ledger.take(again) == 15


@given(st.lists(st.integers(1, 5), min_size=1, max_size=30), st.data())
def test_commits_are_the_end_of_the_acknowledged_head(sizes: list[int], data: st.DataObject) -> None:
    ledger, batches, offset = Ledger(), [], 0
    for size in sizes:
        batches.append(batch(offset, offset + size - 1))
        ledger.hand_out(batches[-1])
        offset += size
    acknowledged: set[int] = set()
    committed = 0
    for index in data.draw(st.permutations(range(len(batches)))):
        ledger.acknowledge(batches[index])
        acknowledged.add(index)
        if data.draw(st.booleans()):
            committed = ledger.committable() or committed
            head = next((i for i in range(len(batches)) if i not in acknowledged), None)
            assert committed == (offset if head is None else batches[head][0].offset)
    assert (ledger.committable() or committed) == offset


@given(st.data())
def test_what_is_taken_is_the_log_in_order_whatever_is_lost_late_or_read_again(data: st.DataObject) -> None:
    """Handed out in order, with seeks back to the commit; delivered in any order, some twice, some never.

    Every fourth offset is a transaction's mark, no record.
    """
    ledger, handed, taken = Ledger(), [], []
    position = committed = counted = 0
    for _ in range(data.draw(st.integers(1, 40))):
        step = data.draw(st.sampled_from(["hand out", "deliver", "acknowledge", "commit", "seek back"]))
        if step == "hand out":
            until = position + data.draw(st.integers(2, 6))
            handed.append([Record(offset) for offset in range(position, until) if offset % 4 != 3])  # marks
            ledger.hand_out(handed[-1])
            position = handed[-1][-1].offset + 1
        elif step == "deliver" and handed:
            one = data.draw(st.sampled_from(handed))
            since = ledger.take(one)
            if since is not None:
                assert since <= counted  # no gap
                assert since in {counted, one[0].offset}
                counted = one[-1].offset + 1
                taken.append(one)
        elif step == "acknowledge" and taken:
            ledger.acknowledge(data.draw(st.sampled_from(taken)))
        elif step == "commit":
            committed = ledger.committable() or committed
            assert committed <= max((one[-1].offset + 1 for one in taken), default=0)
        elif step == "seek back":
            position = committed
