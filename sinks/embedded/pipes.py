"""Bounded pipes between the event loop, which owns the sockets, and the thread that runs a statement."""

from __future__ import annotations

import asyncio
import io
from concurrent.futures import CancelledError
from typing import Any

from .errors import SOCKET_TIMEOUT, ClickHouseError


class BodyPipe(io.RawIOBase):
    """The rest of a request's body, pulled by the worker thread while the loop reads it from the socket."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, content: asyncio.StreamReader | Any, seconds: float
    ) -> None:
        self._loop = loop
        self._content = content
        self._seconds = seconds

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, into: Any, /) -> int:
        """Fill `into` from the socket; raises ClickHouseError when the client is too slow or gone."""
        try:
            piece: bytes = asyncio.run_coroutine_threadsafe(self._pull(len(into)), self._loop).result()
        except TimeoutError:
            raise ClickHouseError(
                SOCKET_TIMEOUT,
                f"Timeout exceeded while reading from socket ({self._seconds:g} s without data).",
            ) from None
        except (OSError, CancelledError, asyncio.IncompleteReadError) as error:
            raise ClickHouseError(
                SOCKET_TIMEOUT, f"The client went away while sending the body: {error}."
            ) from None
        into[: len(piece)] = piece
        return len(piece)

    async def _pull(self, size: int) -> bytes:
        async with asyncio.timeout(self._seconds):
            piece: bytes = await self._content.read(size)
            return piece


class AnswerPipe:
    """An answer on its way from the worker thread to the loop.

    The first `hold` bytes stay with the thread: most answers are smaller, and cost no change of threads then; and an
    error up to there can still get its HTTP status. After that at most four pieces wait, so memory stays flat.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, hold: int) -> None:
        self._loop = loop
        self._hold = hold
        self._held: list[bytes] = []
        self._size = 0
        self._queue: asyncio.Queue[bytes] = asyncio.Queue(maxsize=4)
        self._closed = False

    def send(self, piece: bytes) -> bool:
        """From the worker thread: hand a piece over, waiting for room. False when nobody reads any more."""
        self._held.append(piece)
        self._size += len(piece)
        if self._size > self._hold:
            held, self._held = self._held, []
            for each in held:
                if each and not self._closed:
                    asyncio.run_coroutine_threadsafe(self._queue.put(each), self._loop).result()
        return not self._closed

    async def receive(self, ended: asyncio.Future[None]) -> bytes | None:
        """On the loop: the next piece beyond the hold, or None once the statement has ended and all is read."""
        if not self._queue.empty():
            return self._queue.get_nowait()
        getter = asyncio.ensure_future(self._queue.get())
        try:
            await asyncio.wait((getter, ended), return_when=asyncio.FIRST_COMPLETED)
            if getter.done():
                return getter.result()
        finally:
            getter.cancel()
        return None if self._queue.empty() else self._queue.get_nowait()

    def held(self) -> bytes:
        """After the end: what never left the hold, the whole of a small answer."""
        return b"".join(self._held)

    def close(self) -> None:
        """On the loop: stop reading; a waiting send() returns False."""
        self._closed = True
        while not self._queue.empty():
            self._queue.get_nowait()
