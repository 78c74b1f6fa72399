from hypothesis import given
from hypothesis import strategies as st

from streams.sightings import BEFORE_THE_LOG, Sightings


def test_the_table_of_the_docstring():
    sightings = Sightings(window=3)
    assert [sightings.first(post, offset) for offset, post in enumerate("abaacbaa")] == [
        True, True, False, False, True, True, True, False,
    ]  # fmt: skip


def test_a_post_of_an_earlier_incarnation_is_known_for_one_window():
    sightings = Sightings(window=3, known=[("a", BEFORE_THE_LOG), ("b", BEFORE_THE_LOG)])
    assert not sightings.first("a", 2)
    assert sightings.first("b", 3)


@given(window=st.integers(1, 8), earlier=st.integers(0, 12), start=st.integers(0, 8), at=st.integers(0, 20))
def test_earlier_incarnations_are_known_alike_from_every_start(window, earlier, start, at):
    ranked = [(str(post), -rank) for rank, post in enumerate(range(earlier), 1)]
    whole = Sightings(window, ranked[:window])
    resumed = Sightings(window, ranked[: max(0, window - start)])
    for post in range(earlier):
        offset = start + at + post
        assert whole.first(str(post), offset) == resumed.first(str(post), offset)


@given(
    posts=st.lists(st.integers(0, 8), max_size=200),
    window=st.integers(1, 12),
    steps=st.lists(st.integers(1, 4), min_size=200, max_size=200),
)
def test_decisions_are_those_of_the_definition(posts, window, steps):
    """With holes between offsets, at every generation border."""
    sightings, first, offset = Sightings(window), {}, 0
    for post, step in zip(posts, steps, strict=False):
        offset += step
        expected = post not in first or offset - first[post] > window
        if expected:
            first[post] = offset
        assert sightings.first(str(post), offset) == expected


@given(
    posts=st.lists(st.integers(0, 8), min_size=1, max_size=100),
    window=st.integers(1, 12),
    split=st.integers(0, 100),
)
def test_state_loaded_at_any_offset_decides_like_the_first_run(posts, window, split):
    run = Sightings(window)
    decided = [run.first(str(post), offset) for offset, post in enumerate(posts)]
    stored = [(str(post), offset) for offset, post in enumerate(posts) if decided[offset]]
    known = [(post, offset) for post, offset in stored if split - window <= offset < split]
    resumed = Sightings(window, known)
    again = [resumed.first(str(post), offset) for offset, post in enumerate(posts) if offset >= split]
    assert again == decided[split:]


def test_memory_is_bounded_by_two_windows():
    sightings = Sightings(window=100)
    for offset in range(10_000):
        sightings.first(str(offset), offset)
    assert len(sightings) <= 202
