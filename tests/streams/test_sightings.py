from collections.abc import Iterable
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinks.rows import BEFORE_THE_LOG, StoredSightings
from streams.sightings import Sightings, digests


def stored(known: Iterable[tuple[str, int]]) -> StoredSightings:
    """Sightings as a store gives them."""
    ids, offsets = zip(*known, strict=True) if (known := list(known)) else ((), ())
    return StoredSightings(*digests(ids), np.array(offsets, np.int64))


def first(sightings: Sightings, post_id: str, offset: int) -> bool:
    """Whether the post of a batch of one counts."""
    sightings.recall([post_id], offset)
    return sightings.first(post_id, offset)


def test_the_table_of_the_docstring():
    sightings = Sightings(window=3)
    assert [first(sightings, post, offset) for offset, post in enumerate("abaacbaa")] == [
        True, True, False, False, True, True, True, False,
    ]  # fmt: skip


def test_a_post_of_an_earlier_incarnation_is_known_for_one_window():
    sightings = Sightings(window=3, known=stored([("a", BEFORE_THE_LOG), ("b", BEFORE_THE_LOG)]))
    assert not first(sightings, "a", 2)
    assert first(sightings, "b", 3)


@given(window=st.integers(1, 8), earlier=st.integers(0, 12), start=st.integers(0, 8), at=st.integers(0, 20))
def test_earlier_incarnations_are_known_alike_from_every_start(window, earlier, start, at):
    ranked = [(str(post), -rank) for rank, post in enumerate(range(earlier), 1)]
    whole = Sightings(window, stored(ranked[:window]))
    resumed = Sightings(window, stored(ranked[: max(0, window - start)]))
    for post in range(earlier):
        offset = start + at + post
        assert first(whole, str(post), offset) == first(resumed, str(post), offset)


@given(
    posts=st.lists(st.integers(0, 8), max_size=200),
    window=st.integers(1, 40),
    steps=st.lists(st.integers(1, 4), min_size=200, max_size=200),
    sizes=st.lists(st.integers(1, 9), min_size=200, max_size=200),
)
def test_decisions_are_those_of_the_definition(posts, window, steps, sizes):
    """With holes between offsets, whatever the batches and whenever sightings are sorted in."""
    sightings, seen = Sightings(window), {}
    log = [(str(post), offset) for post, offset in zip(posts, accumulate(steps), strict=False)]
    for size in sizes:
        batch, log = log[:size], log[size:]
        sightings.recall([post_id for post_id, _ in batch], batch[0][1] if batch else 0)
        for post_id, offset in batch:
            expected = post_id not in seen or offset - seen[post_id] > window
            if expected:
                seen[post_id] = offset
            assert sightings.first(post_id, offset) == expected


@given(
    posts=st.lists(st.integers(0, 8), min_size=30, max_size=100),
    window=st.integers(1, 40),
    split=st.integers(1, 25),
    order=st.randoms(use_true_random=False),
)
def test_state_loaded_at_any_offset_decides_like_the_first_run(posts, window, split, order):
    run = Sightings(window)
    decided = [first(run, str(post), offset) for offset, post in enumerate(posts)]
    rows = [(str(post), offset) for offset, post in enumerate(posts) if decided[offset]]
    known = [(post, offset) for post, offset in rows * 2 if split - window <= offset < split]
    order.shuffle(known)  # a store says what it holds in any order, and a replayed row twice
    resumed = Sightings(window, stored(known))
    again = [first(resumed, str(post), offset) for offset, post in enumerate(posts) if offset >= split]
    assert again == decided[split:]


@pytest.mark.parametrize("offsets", [(1, 2, 3), (3, 2, 1)])
def test_ids_with_the_same_first_half_of_the_digest_are_told_apart(offsets):
    """As they would be met once in centuries."""
    (half,), (of_a,) = digests(["a"])
    _, (of_b,) = digests(["b"])
    known = StoredSightings(np.full(3, half), np.array([of_b, of_a, of_b]), np.array(offsets))
    assert first(Sightings(10, known), "a", 13)
    assert not first(Sightings(10, known), "a", 12)


@pytest.mark.parametrize("offsets", [(1, 3), (3, 1)])
def test_of_two_sightings_of_a_post_the_later_counts(offsets):
    known = stored(zip("aa", offsets, strict=True))
    assert not first(Sightings(10, known), "a", 13)
    assert first(Sightings(10, known), "a", 14)


def test_memory_is_bounded_by_the_window_and_what_is_young():
    sightings = Sightings(window=1_000)
    for offset in range(10_000):
        assert first(sightings, str(offset), offset)
        assert len(sightings) <= 1_000 + 2 * (1_000 // 16 + 1)
