import asyncio

import pytest

from streams.rounds import rounds


async def given_at(moments, clock):
    """Items that arrive at moments of a clock which only they move."""
    for moment, item in moments:
        while clock.now < moment:
            await asyncio.sleep(0)
            clock.now += 0.1
        yield item


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


async def grouped(moments, **limits):
    clock = Clock()
    return [group async for group in rounds(given_at(moments, clock), len, clock=clock, **limits)]


@pytest.mark.parametrize(
    ("items", "groups"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(["aa"], [["aa"]], id="one"),
        pytest.param(["aa", "b", "c"], [["aa", "b"], ["c"]], id="full at 3"),
        pytest.param(["aaaaa", "b"], [["aaaaa"], ["b"]], id="one item over the limit"),
    ],
)
def test_rounds_close_when_full(items, groups):
    assert asyncio.run(grouped([(0, item) for item in items], full_at=3, linger=1e9)) == groups


def test_a_round_closes_when_its_time_is_over():
    async def slow():
        yield "a"
        await asyncio.sleep(0.05)
        yield "b"

    async def collect():
        return [group async for group in rounds(slow(), len, full_at=100, linger=0.001)]

    assert asyncio.run(collect()) == [["a"], ["b"]]


def test_the_time_that_a_round_is_worked_on_counts_as_waiting_for_the_next():
    clock, worked = Clock(), asyncio.Event()

    async def items():
        yield "a"
        await worked.wait()
        yield "b"
        yield "c"
        await asyncio.sleep(0.4)
        yield "d"

    async def collect():
        groups = []
        async for group in rounds(items(), len, full_at=100, linger=0.5, clock=clock):
            groups.append(group)
            clock.now += 0.5  # the work
            worked.set()
        return groups

    assert asyncio.run(collect()) == [["a"], ["b", "c"], ["d"]]


def test_an_error_of_the_stream_reaches_the_caller_after_what_came_before():
    async def breaking():
        yield "a"
        raise RuntimeError("broken")

    async def collect(seen):
        async for group in rounds(breaking(), len, full_at=1, linger=1e9):
            seen.append(group)

    seen = []
    with pytest.raises(RuntimeError, match="broken"):
        asyncio.run(collect(seen))
    assert seen == [["a"]]
