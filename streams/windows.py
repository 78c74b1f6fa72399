"""Counts of posts by pane: absolute numbers, each with the last offset that was applied to it. Pure.

A pane is the half-open interval [start, start + pane_seconds) of event time, aligned to the epoch, in UTC:

    pane_start(119, 60) == 60        pane_start(120, 60) == 120

A count is a function of the log: the number of posts of its key up to and including `last_offset`. Hence:

    stored          event at offset    becomes       because
    nothing         7                  (1, 7)
    (3, 5)          7                  (4, 7)
    (3, 7)          7                  (3, 7)        a replay: 7 is already in the 3
    (3, 9)          7                  (3, 9)        a replay from further back

It does not matter how often, by whom or in which batches a record is applied, nor in which order rows are stored,
as long as the store keeps the row with the largest `last_offset`.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from streams.keys import PackedKeys, panes_of

Times = TypeVar("Times", int, NDArray[np.int64])

_NEVER: Final = -1
"""The last offset of a count that nothing was applied to."""


def pane_start(event_times: Times, pane_seconds: int) -> Times:
    """Start of the pane that holds an event time, or each of many; all in seconds since the epoch."""
    return event_times - event_times % pane_seconds


class Counts(NamedTuple):
    """Absolute counts as columns, sorted by key, each key once; keys as in `streams/keys.py`."""

    keys: PackedKeys
    posts: NDArray[np.int64]
    last_offsets: NDArray[np.int64]

    def at(self, places: NDArray[np.intp] | NDArray[np.bool_]) -> "Counts":
        """Those at `places`, or where a mask is true."""
        return Counts(self.keys[places], self.posts[places], self.last_offsets[places])

    def of(self, keys: PackedKeys) -> "Counts":
        """The counts of `keys`, sorted; of one that is not there, nothing was applied."""
        places, known = self.find(keys)
        found = Counts(keys, np.zeros(len(keys), np.int64), np.full(len(keys), _NEVER))
        found.posts[known] = self.posts[places[known]]
        found.last_offsets[known] = self.last_offsets[places[known]]
        return found

    def find(self, keys: PackedKeys) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Where each of `keys` stands or would stand, and whether it is there."""
        places = np.searchsorted(self.keys, keys)
        known = places < len(self.keys)
        known[known] = self.keys[places[known]] == keys[known]
        return places, known


NO_COUNTS: Final = Counts(np.empty(0, np.uint64), np.empty(0, np.int64), np.empty(0, np.int64))


class Windows:
    """The counts of one partition that are in use: a cache in front of the store.

    `stored_until` is the start of the latest pane for which the store may hold something: None where it holds
    nothing of this partition. Panes after it begin empty, others must be loaded before they are counted into.
    """

    def __init__(self, stored_until: int | None) -> None:
        self._stored_until = stored_until
        self._held = NO_COUNTS
        self._panes: dict[int, None] = {}  # those that are ready; the last touched is the last
        self._unsaved: set[int] = set()  # touched since the last shrink
        self._changed: list[PackedKeys] = []

    def __len__(self) -> int:
        """Number of counts held."""
        return len(self._held.keys)

    def touch(self, panes: Iterable[int]) -> list[int]:
        """Make ready to count into `panes`; returns those that must be loaded first, sorted."""
        missing = []
        for pane in panes:
            self._unsaved.add(pane)
            if pane in self._panes:
                del self._panes[pane]
                self._panes[pane] = None
            elif self._stored_until is not None and pane <= self._stored_until:
                missing.append(pane)
            else:
                self._panes[pane] = None
        return sorted(missing)

    def load(self, panes: Iterable[int], stored: Counts) -> None:
        """Take over what the store holds of `panes`."""
        self._panes |= dict.fromkeys(panes)
        self._put(stored)

    def count(self, keys: PackedKeys, offsets: NDArray[np.int64]) -> None:
        """Count a post at each offset under the key beside it, unless it is in the count. The panes must be ready.

        A post stands beside a key once.
        """
        touched, at = np.unique(keys, return_inverse=True)
        counts = self._held.of(touched)
        applied = offsets > counts.last_offsets[at]
        more = np.bincount(at[applied], minlength=len(touched))
        counts.posts[:] += more
        np.maximum.at(counts.last_offsets, at, offsets)
        changed = counts.at(more > 0)
        self._put(changed)
        self._changed.append(changed.keys)

    def take_changes(self) -> Counts:
        """The counts that changed since the last call, to be stored."""
        changed = np.unique(np.concatenate((NO_COUNTS.keys, *self._changed)))
        self._changed = []
        return self._held.of(changed)

    def shrink(self, most_counts: int) -> None:
        """Forget the panes touched longest ago until at most `most_counts` are held.

        What was touched since the last call is kept: it need not be stored yet. All before must be.
        """
        excess = len(self) - most_counts
        if excess > 0:
            held = panes_of(self._held.keys)
            sizes = dict(
                zip(*(column.tolist() for column in np.unique(held, return_counts=True)), strict=True)
            )
            gone = []
            for pane in self._panes:
                if excess <= 0 or pane in self._unsaved:
                    break
                excess -= sizes.get(pane, 0)
                gone.append(pane)
            self._forget(gone, held)
        self._unsaved.clear()

    def _put(self, newer: Counts) -> None:
        places, known = self._held.find(newer.keys)
        self._held.posts[places[known]] = newer.posts[known]
        self._held.last_offsets[places[known]] = newer.last_offsets[known]
        places, added = places[~known], newer.at(~known)
        self._held = Counts(
            np.insert(self._held.keys, places, added.keys),
            np.insert(self._held.posts, places, added.posts),
            np.insert(self._held.last_offsets, places, added.last_offsets),
        )

    def _forget(self, gone: list[int], held: NDArray[np.int64]) -> None:
        for pane in gone:
            del self._panes[pane]
            self._stored_until = pane if self._stored_until is None else max(self._stored_until, pane)
        self._held = self._held.at(~np.isin(held, gone))
