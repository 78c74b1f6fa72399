"""Hands out records when the clock reaches their time."""

from collections.abc import Callable, Iterable, Iterator

from streams.simulate.records import SimulatedRecord


def paced(
    records: Iterable[SimulatedRecord], now: Callable[[], float], sleep: Callable[[float], object]
) -> Iterator[SimulatedRecord]:
    """`records` one by one, each not before `now()` has reached its `at`; what is overdue comes at once."""
    for record in records:
        ahead = record.at - now()
        if ahead > 0:
            sleep(ahead)
        yield record
