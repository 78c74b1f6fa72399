"""Rounds: what one write to the store covers. Many small batches become one insert, few parts, one acknowledgement."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

Item = TypeVar("Item")


async def rounds(
    items: AsyncIterator[Item],
    size: Callable[[Item], int],
    full_at: int,
    linger: float,
    clock: Callable[[], float] = time.monotonic,
) -> AsyncIterator[list[Item]]:
    """Group `items` in their order: a group is given out when its sizes reach `full_at` or `linger` seconds are over.

    They run from when the group before was given out, so that items do not wait again that waited while it was worked
    on. A tenth of it is left in any case for what arrives together.

    The wait for the next item is never cancelled, since Faust's stream would end by it.
    """
    upcoming = _next(items)
    given = clock()
    try:
        while True:
            try:
                gathered = [await upcoming]
            except StopAsyncIteration:
                return
            upcoming = _next(items)
            filled, closes = size(gathered[0]), max(given + linger, clock() + linger / 10)
            while filled < full_at and (left := closes - clock()) > 0:
                done, _ = await asyncio.wait({upcoming}, timeout=left)
                if not done or isinstance(upcoming.exception(), StopAsyncIteration):
                    break
                gathered.append(upcoming.result())
                filled += size(gathered[-1])
                upcoming = _next(items)
            given = clock()
            yield gathered
    finally:
        upcoming.cancel()


def _next(items: AsyncIterator[Item]) -> "asyncio.Task[Item]":
    async def upcoming() -> Item:
        return await anext(items)

    return asyncio.create_task(upcoming())
