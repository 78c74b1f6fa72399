"""Trying again while something outside is away: without losing order, without giving up early, without noise."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import NamedTuple, TypeVar

from schemas.faults import Fault

_log = logging.getLogger(__name__)

Result = TypeVar("Result")


class SinkUnavailable(Fault):
    """A sink does not take our rows now and may take them later: `Retry` waits and tries again.

    Seen outside of `Retry` it stayed away too long: the worker ends without an acknowledgement.
    """


class SinkRefused(Fault):
    """A sink says that what we send is wrong: trying again will not help. The worker ends, a person is needed."""


class RetryPolicy(NamedTuple):
    """How long and how often to try again; all in seconds."""

    give_up_after: float
    first_pause: float = 0.1
    """A merge that is behind or a restart behind a proxy is over within tenths of a second."""
    longest_pause: float = 15.0
    """A server that comes back is noticed within that time, and is not stormed by many workers."""

    def pauses(self) -> Iterator[float]:
        """The pauses before each new try: doubled up to the longest, in all no longer than `give_up_after`."""
        left, pause = self.give_up_after, self.first_pause
        while left > 0:
            yield min(pause, left)
            left -= pause
            pause = min(2 * pause, self.longest_pause)


class Retry:
    """Runs operations under a policy. `sleep` is injected by tests."""

    def __init__(
        self, policy: RetryPolicy, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._policy = policy
        self._sleep = sleep
        self._waiting: list[str] = []

    @property
    def waiting_for(self) -> str:
        """What is being waited for just now, for liveness and metrics; empty when nothing is."""
        return self._waiting[0] if self._waiting else ""

    async def __call__(self, operation: Callable[[], Awaitable[Result]], what: str) -> Result:
        """The operation's result. Raises SinkUnavailable when the policy gives up, SinkRefused at once."""
        waits = False
        try:
            for pause in self._policy.pauses():
                try:
                    return await operation()
                except SinkUnavailable as fault:
                    if not waits:
                        _log.warning("%s: %s; trying again for %d s", what, fault, self._policy.give_up_after)
                        self._waiting.append(what)
                    waits = True
                    await self._sleep(pause)
            return await operation()
        finally:
            if waits:
                _log.warning("%s: over", what)
                self._waiting.remove(what)
