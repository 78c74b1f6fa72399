"""Which batches of one partition were handed out and which are acknowledged: what may be committed. Pure.

    handed out    [0 1 2] [3 4 5] [8 9]     6 and 7 are no records (a transaction's marks, compacted away)
    acknowledged     x               x      -> commit 3: nothing passes a batch without an acknowledgement
    acknowledged     x       x       x      -> commit 10

Faust's own book-keeping counts offsets, one by one; it takes those inside of a batch for holes, and holes for
acknowledged, so that a commit could pass a batch that nobody acknowledged.
"""

from collections import deque


class Ledger:
    """The batches of one partition since it was assigned, in the order of their offsets."""

    def __init__(self) -> None:
        self._open: deque[tuple[int, int]] = deque()
        self._acknowledged: set[tuple[int, int]] = set()

    def hand_out(self, first: int, last: int) -> None:
        """A batch goes to the agent. What was handed out from `first` on is read again, and forgotten."""
        while self._open and self._open[-1][1] >= first:
            self._acknowledged.discard(self._open.pop())
        self._open.append((first, last))

    def acknowledge(self, first: int, last: int) -> None:
        """The batch from `first` to `last` is durable. If it is not open, it is one from before the assignment."""
        if (first, last) in self._open:
            self._acknowledged.add((first, last))

    @property
    def settled(self) -> bool:
        """Whether all that was handed out is acknowledged."""
        return len(self._acknowledged) == len(self._open)

    def committable(self) -> int | None:
        """The offset to go on at, if it advanced since the last call: behind the acknowledged head."""
        upto = None
        while self._open and self._open[0] in self._acknowledged:
            batch = self._open.popleft()
            self._acknowledged.discard(batch)
            upto = batch[1] + 1
        return upto
