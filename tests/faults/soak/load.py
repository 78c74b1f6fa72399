"""A steady load for hours, and its truth: what it remembers does not grow with the posts that were sent."""

import json
import random
import threading
import time
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.faults.feed import Sender
from tests.faults.naive import Naive
from tests.faults.posts import Event, random_post

_REPEATS: Final = 0.05
_EDITED: Final = 0.3
"""Of the repeats: they come with another title, which must change nothing."""

_LATE: Final = 0.01
_LATE_DAYS: Final = 30
"""One post in a hundred belongs to a pane of the last month: old panes are loaded again all the time."""

_REPEATED_AMONG: Final = 20_000
"""Posts: a repeat is one of the last so many, well within the window of sightings."""

_STEP: Final = 0.25
"""Seconds between two sends."""


class Posts:
    """Posts of this moment, named `soak-0`, `soak-1` and so on, and repeats of the last ones.

    `truth` has counted every first sighting; of the posts themselves it keeps none.
    """

    def __init__(self, seed: int) -> None:
        self.made = 0
        self.truth = Naive()
        self._rng = random.Random(f"soak/{seed}")
        self._recent: deque[dict[str, Any]] = deque(maxlen=_REPEATED_AMONG)

    def next(self) -> Event:
        """One more."""
        if self._recent and self._rng.random() < _REPEATS:
            post = dict(self._rng.choice(self._recent))
            if self._rng.random() < _EDITED:
                post["title"] = random_post("", datetime.now(UTC), self._rng)["title"]
        else:
            post = random_post(f"soak-{self.made}", self._when(), self._rng)
            self.made += 1
            self._recent.append(post)
            self.truth.add(post)
        return Event(str(post["post_id"]).encode(), json.dumps(post).encode())

    def _when(self) -> datetime:
        late = self._rng.random() < _LATE
        return datetime.now(UTC) - timedelta(seconds=self._rng.randrange(_LATE_DAYS * 86_400) if late else 0)


class Load:
    """Sends `rate` posts a second in a thread of its own; what a fault held up is sent after it."""

    def __init__(self, sender: Sender, posts: Posts, rate: int) -> None:
        self.sent = 0
        self._sender = sender
        self._posts = posts
        self._rate = rate
        self._started = time.monotonic()
        self._finish = threading.Event()
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def behind(self) -> int:
        """Posts that should have been sent by now and were not."""
        return int((time.monotonic() - self._started) * self._rate) - self.sent

    def finish(self) -> float:
        """End, and the posts a second that were sent. Raises what went wrong."""
        self._finish.set()
        self._thread.join()
        if self._fault is not None:
            raise self._fault
        return self.sent / (time.monotonic() - self._started)

    def _run(self) -> None:
        try:
            while not self._finish.wait(_STEP):
                due = self.behind
                self._sender.send(self._posts.next() for _ in range(due))
                self.sent += due
        except BaseException as fault:
            self._fault = fault
