"""First sightings: whether a post was seen before in its partition. Pure.

    offset      0  1  2  3  4  5  6  7     window 3
    post_id     a  b  a  a  c  b  a  a
    first?      y  y  n  n  y  y  y  n     b at 5 is 4 messages after its first sighting at 1: forgotten, first again

The decision depends on the log alone: on the offsets of earlier first sightings, never on the clock, on batch
borders or on what a crash left behind. So state that starts at an offset needs the first sightings BEFORE that
offset and no others: those at or after it are decided again, the same way.
"""

from collections.abc import Iterable

BEFORE_THE_LOG = -1
"""Offset given to the last sighting of the topic's earlier incarnations; the one before it has -2, and so on.

So they are forgotten one after the other, and state loaded at any offset knows the same of them.
"""


class Sightings:
    """The first sightings of one partition within the last `window` messages.

    Two generations of at most `window` offsets each make forgetting free: a lookup compares offsets, so what an
    old generation still holds beyond the window does no harm.
    """

    def __init__(self, window: int, known: Iterable[tuple[str, int]] = ()) -> None:
        self._window = window
        self._young = dict(known)
        self._old: dict[str, int] = {}
        self._young_since: int | None = None

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def known(self, post_id: str, offset: int) -> bool:
        """Whether the post at `offset` repeats one within the window."""
        seen = self._young.get(post_id)
        if seen is None:
            seen = self._old.get(post_id)
        return seen is not None and offset - seen <= self._window

    def first(self, post_id: str, offset: int) -> bool:
        """Whether the post at `offset` counts; if so it is remembered. Offsets must rise from call to call."""
        if self.known(post_id, offset):
            return False
        if self._young_since is None:
            self._young_since = offset
        elif offset - self._young_since > self._window:
            self._old, self._young, self._young_since = self._young, {}, offset
        self._young[post_id] = offset
        return True
