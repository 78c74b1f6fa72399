"""Waves of hiring on top of the usual pace: what a live board and its signals are there to show. Pure."""

from collections.abc import Iterator
from itertools import count
from typing import Final

import msgspec

from streams.simulate.live import live
from streams.simulate.records import SimulatedRecord
from streams.simulate.scenario import Scenario

EVERY: Final = 3_600.0
"""Seconds from the beginning of a wave to that of the next."""

LASTS: Final = 1_200.0
"""Seconds of a wave: long enough to become a signal, short enough to see one end."""

_CATEGORIES: Final = ("video_production", "ai_machine_learning", "customer_service")
"""Whose turn it is, wave by wave."""


def waves(scenario: Scenario, rate: float, seed: int, start: float) -> Iterator[SimulatedRecord]:
    """Posts of one category at `rate` a second for the first 20 minutes of every hour after `start`, without an end."""
    for number in count():
        category = _CATEGORIES[number % len(_CATEGORIES)]
        one = msgspec.structs.replace(
            scenario, title=f"wave {number}", categories={category: scenario.categories[category]}
        )
        begins = start + number * EVERY
        for record in live(one, rate, seed, begins):
            if record.at >= begins + LASTS:
                break
            yield record
