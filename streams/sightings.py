"""First sightings: whether a post was seen before in its partition. Pure.

    offset      0  1  2  3  4  5  6  7     window 3
    post_id     a  b  a  a  c  b  a  a
    first?      y  y  n  n  y  y  y  n     b at 5 is 4 messages after its first sighting at 1: forgotten, first again

The decision depends on the log alone: on the offsets of earlier first sightings, never on the clock, on batch
borders or on what a crash left behind. So state that starts at an offset needs the first sightings BEFORE that
offset and no others: those at or after it are decided again, the same way.

A post is known by half of the SHA-256 of its id: 24 bytes a sighting in place of 200. Among a million ids two have the
same one with a probability of 10^-27, and nobody can choose an id that another's has.
"""

from collections.abc import Collection, Sequence
from hashlib import sha256
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sinks.rows import StoredSightings

_YOUNG_SHARE: Final = 64
"""Of the window, the part that is kept by id until it is sorted in, which costs a microsecond a post."""

NO_SIGHTINGS: Final = StoredSightings(np.empty(0, np.uint64), np.empty(0, np.uint64), np.empty(0, np.int64))


def digests(post_ids: Collection[str]) -> NDArray[np.uint64]:
    """Two rows: the first and the second 8 bytes of the SHA-256 of each id, as the store makes them."""
    joined = b"".join([sha256(post_id.encode()).digest()[:16] for post_id in post_ids])
    return np.frombuffer(joined, "<u8").reshape(-1, 2).T


class Sightings:
    """The first sightings of one partition within the last `window` messages.

    The latest are kept by id. The others are columns, sorted by the first half of the digest, out of which the posts of
    a batch are recalled at once; a post that was forgotten and sighted again may stand there twice.
    """

    def __init__(self, window: int, known: StoredSightings = NO_SIGHTINGS) -> None:
        self._window = window
        self._young: dict[str, int] = {}
        self._recalled: dict[str, int] = {}
        self._settled = known.at(np.argsort(known.first))

    def __len__(self) -> int:
        return len(self._young) + len(self._settled.offsets)

    def recall(self, post_ids: Sequence[str], offset: int) -> None:
        """Make ready to be asked about these posts and no others, at `offset` or after it."""
        if len(self._young) > self._window // _YOUNG_SHARE:
            self._settle(offset - self._window)
        self._recalled = {}
        settled, (first, second) = self._settled, digests(post_ids)
        places = np.searchsorted(settled.first, first)
        asked = np.arange(len(post_ids))
        while len(asked := asked[places[asked] < len(settled.first)]):
            asked = asked[settled.first[places[asked]] == first[asked]]
            hits = asked[settled.second[places[asked]] == second[asked]]
            for index, seen in zip(hits.tolist(), settled.offsets[places[hits]].tolist(), strict=True):
                post_id = post_ids[index]
                self._recalled[post_id] = max(seen, self._recalled.get(post_id, seen))
            places[asked] += 1

    def known(self, post_id: str, offset: int) -> bool:
        """Whether the post at `offset` repeats one within the window."""
        seen = self._young.get(post_id)
        if seen is None:
            seen = self._recalled.get(post_id)
        return seen is not None and offset - seen <= self._window

    def first(self, post_id: str, offset: int) -> bool:
        """Whether the post at `offset` counts; if so it is remembered. Offsets must rise from call to call."""
        if self.known(post_id, offset):
            return False
        self._young[post_id] = offset
        return True

    def _settle(self, since: int) -> None:
        """Sort the young ones in, and forget what was sighted before offset `since`."""
        first, second = digests(self._young)
        young = StoredSightings(first, second, np.fromiter(self._young.values(), np.int64))
        known = self._settled.joined(young.at(np.argsort(young.first)))
        kept = np.flatnonzero(known.offsets >= since)
        self._settled = known.at(kept[np.argsort(known.first[kept], kind="stable")])  # merges the two
        self._young = {}
