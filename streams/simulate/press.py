"""Numbers posts, writes them and hands them to the outbox: what backfill and live stream share. Pure."""

from collections.abc import Sequence
from hashlib import blake2b
from random import Random

from streams.simulate.composer import Composer
from streams.simulate.mishaps import Outbox
from streams.simulate.spikes import Spike, spiked


class Press:
    """Writes each post that is planned, and its copies where it is part of a spike."""

    def __init__(self, run: str, random: Random, outbox: Outbox, spikes: Sequence[Spike]) -> None:
        """`run` names all that decides the posts: runs that differ in it share no post id."""
        self._prefix = blake2b(run.encode(), digest_size=5).hexdigest()
        self._number = 0
        self._random = random
        self._composer = Composer(random)
        self._outbox = outbox
        self._spikes = spikes

    def post(self, category: str, ai: bool, posted_at: int, at: float) -> None:
        """One post of that category, sent at `at`."""
        post_id = self._next_id()
        written = self._composer.write(category, ai, posted_at, post_id)
        if not self._spikes:
            self._outbox.put(post_id.encode(), written.value, at)
            return
        found = spiked(self._spikes, category, written.asks, posted_at, self._random)
        if found.copies:
            self._outbox.put(post_id.encode(), written.value, at)
        wanted = self._composer.ask(category, found.wanted)
        for _ in range(found.copies - 1):
            later = int(self._random.random() * 60)
            copy_id = self._next_id()
            copy = self._composer.write(category, ai, posted_at + later, copy_id, wanted)
            self._outbox.put(copy_id.encode(), copy.value, at + later)

    def _next_id(self) -> str:
        self._number += 1
        return f"{self._prefix}{self._number:07x}"
