"""An endless stream of posts that are posted as they are sent. Pure: the caller paces it."""

import math
from collections.abc import Iterator, Sequence
from random import Random
from typing import Final

from streams.simulate.mishaps import Mishaps, Outbox
from streams.simulate.phrases import draw, weighted
from streams.simulate.press import Press
from streams.simulate.records import SimulatedRecord
from streams.simulate.scenario import Scenario
from streams.simulate.spikes import Spike

LONGEST_REPEAT: Final = 600.0
"""Seconds between a post and its repeat, short enough to be seen."""


def live(
    scenario: Scenario,
    rate: float,
    seed: int,
    start: float,
    *,
    mishaps: Mishaps | None = None,
    spikes: Sequence[Spike] = (),
) -> Iterator[SimulatedRecord]:
    """Distinct posts at `rate` a second from `start` (seconds since the epoch) on, without an end.

    They arrive independently of each other, steadily (a Poisson process), in the proportions of the scenario's
    last month; repeats, bad records and spikes come on top. Send each record when the clock reaches its `at`.
    Late posts were posted hours or days before they are sent, all others the moment they are.
    """
    run = f"live|{scenario.title}|{seed}|{start}"
    random = Random(run)
    outbox = Outbox(mishaps or Mishaps(), LONGEST_REPEAT, random)
    press = Press(run, random, outbox, spikes)
    lines = scenario.categories
    categories = weighted({name: float(line.posts[1]) for name, line in lines.items()}, 20_000)
    at = start
    while True:
        at -= math.log(1.0 - random.random()) / rate
        yield from outbox.due(at)
        category = draw(categories, random)
        press.post(category, random.random() < lines[category].ai[1], int(at - outbox.late_by()), at)
