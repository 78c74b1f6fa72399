"""Which batches of one partition were handed out, taken to be counted and acknowledged. Pure.

What is counted must follow what was counted before, without a gap: a batch is taken only if it is the next.

    handed out    [0 1 2] [3 4 5] [6 7]     the queue to the agent was cleared, but [6 7] was on its way into it
    reaches us                    [6 7]     -> not taken: [3 4 5] is the next
    taken         [0 1 2]

What is committed never passes a batch without an acknowledgement:

    handed out    [0 1 2] [3 4 5] [8 9]     6 and 7 are no records (a transaction's marks, compacted away)
    acknowledged     x               x      -> commit 3
    acknowledged     x       x       x      -> commit 10

Faust's own book-keeping counts offsets, one by one; it takes those inside of a batch for holes, and holes for
acknowledged, so that a commit could pass a batch that nobody acknowledged.
"""

from collections import deque
from collections.abc import Sequence
from typing import Protocol


class Record(Protocol):
    """A record of the log."""

    @property
    def offset(self) -> int:
        """Its place in the partition."""


class Ledger:
    """The batches of one partition since it was assigned, in the order of their offsets, each the list that it is.

    The same records that are handed out again are another batch: only the list that was handed out last is known.
    """

    def __init__(self) -> None:
        self._open: deque[Sequence[Record]] = deque()
        self._taken = 0  # so many of the open ones, from the first on
        self._acknowledged: set[int] = set()  # ids of open ones
        self._end: int | None = None  # behind what was taken last

    def hand_out(self, batch: Sequence[Record]) -> None:
        """A batch goes to the agent. What was handed out from its first record on is read again, and forgotten."""
        while self._open and self._open[-1][-1].offset >= batch[0].offset:
            self._acknowledged.discard(id(self._open.pop()))
        if self._taken > len(self._open):
            self._taken, self._end = len(self._open), None
        self._open.append(batch)

    def take(self, batch: Sequence[Record]) -> int | None:
        """Where the partition goes on, if `batch` is the next to be counted; then the one after it is.

        That is behind what was taken before it, since all between are no records; else at its first record.
        """
        if self._taken >= len(self._open) or self._open[self._taken] is not batch:
            return None
        self._taken += 1
        before, self._end = self._end, batch[-1].offset + 1
        return batch[0].offset if before is None or before > batch[0].offset else before

    def acknowledge(self, batch: Sequence[Record]) -> None:
        """`batch` is durable. If it is not open, it is one from before the assignment."""
        if any(batch is one for one in self._open):
            self._acknowledged.add(id(batch))

    @property
    def settled(self) -> bool:
        """Whether all that was handed out is acknowledged."""
        return len(self._acknowledged) == len(self._open)

    def committable(self) -> int | None:
        """The offset to go on at, if it advanced since the last call: behind the acknowledged head."""
        upto = None
        while self._open and id(self._open[0]) in self._acknowledged:
            batch = self._open.popleft()
            self._acknowledged.discard(id(batch))
            self._taken -= 1
            upto = batch[-1].offset + 1
        return upto
