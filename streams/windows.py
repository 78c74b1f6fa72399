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

from collections.abc import Iterable, Iterator
from typing import NamedTuple

ALL_SKILLS = ""
"""In place of a skill: the count of all posts of the category, the denominator."""


class Key(NamedTuple):
    """What is counted within a pane: `skill` is a slug or ALL_SKILLS."""

    skill: str
    category: str
    ai: bool
    client_size: str
    market: str


class CountRow(NamedTuple):
    """An absolute count as it is stored; `pane_start` in seconds since the epoch."""

    pane_start: int
    key: Key
    posts: int
    last_offset: int


def pane_start(event_time: int, pane_seconds: int) -> int:
    """Start of the pane that holds `event_time`; both in seconds since the epoch."""
    return event_time - event_time % pane_seconds


class Windows:
    """The counts of one partition that are in use: a cache in front of the store.

    `stored_until` is the start of the latest pane for which the store may hold something: None where it holds
    nothing of this partition. Panes after it begin empty, others must be loaded before they are counted into.
    """

    def __init__(self, stored_until: int | None) -> None:
        self._stored_until = stored_until
        self._panes: dict[
            int, dict[Key, list[int]]
        ] = {}  # Key -> [posts, last_offset]; last touched pane last
        self._changed: dict[int, set[Key]] = {}
        self._held = 0

    def __len__(self) -> int:
        """Number of counts held."""
        return self._held

    def touch(self, panes: Iterable[int]) -> list[int]:
        """Make ready to count into `panes`; returns those that must be loaded first, sorted."""
        missing = []
        for pane in panes:
            if pane in self._panes:
                self._panes[pane] = self._panes.pop(pane)
            elif self._stored_until is not None and pane <= self._stored_until:
                missing.append(pane)
            else:
                self._panes[pane] = {}
        return sorted(missing)

    def load(self, panes: Iterable[int], rows: Iterable[CountRow]) -> None:
        """Take over what the store holds of `panes`."""
        for pane in panes:
            self._panes[pane] = {}
        for row in rows:
            self._panes[row.pane_start][row.key] = [row.posts, row.last_offset]
            self._held += 1

    def count(self, pane: int, key: Key, offset: int) -> None:
        """Count the post at `offset` under `key`, unless it is already in the count. The pane must be ready."""
        counts = self._panes[pane]
        count = counts.get(key)
        if count is None:
            counts[key] = [1, offset]
            self._held += 1
        elif offset > count[1]:
            count[0] += 1
            count[1] = offset
        else:
            return
        self._changed.setdefault(pane, set()).add(key)

    def count_post(
        self, pane: int, skills: Iterable[str], dimensions: tuple[str, bool, str, str], offset: int
    ) -> None:
        """Count the post at `offset` under its `dimensions` (as in Key), and under each of its skills."""
        for skill in (ALL_SKILLS, *skills):
            self.count(pane, Key(skill, *dimensions), offset)

    def take_changes(self) -> Iterator[CountRow]:
        """The counts that changed since the last call, to be stored."""
        changed, self._changed = self._changed, {}
        for pane, keys in changed.items():
            counts = self._panes[pane]
            for key in keys:
                posts, last_offset = counts[key]
                yield CountRow(pane, key, posts, last_offset)

    def shrink(self, most_counts: int) -> None:
        """Forget the panes touched longest ago until at most `most_counts` are held. Call it when all is stored."""
        while self._held > most_counts:
            pane = next(iter(self._panes))
            self._held -= len(self._panes.pop(pane))
            self._stored_until = pane if self._stored_until is None else max(self._stored_until, pane)
