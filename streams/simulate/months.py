"""What each calendar month of a backfill holds: the two calibrated ones, and a history before them. Pure."""

from datetime import date
from typing import NamedTuple

from streams.simulate.calendar import month_before
from streams.simulate.scaling import scaled
from streams.simulate.scenario import Line, Scenario


class Month(NamedTuple):
    """One calendar month: category -> (distinct posts, those that involve AI)."""

    first: date
    posts: dict[str, tuple[int, int]]


def planned(scenario: Scenario, posts: int, anchor: date, months: int) -> list[Month]:
    """`months` months, oldest first, the last one being the full month before `anchor`'s.

    The last two hold `posts` distinct posts together; those before follow trend and season.
    """
    counts = scaled(scenario, posts)
    plan = []
    for back in reversed(range(months)):
        cells = {}
        for name, line in scenario.categories.items():
            number = counts[name][1 - back] if back < 2 else _history(line, scenario, counts[name][0], back)
            cells[name] = (number, round(number * _ai_share(line, scenario, back)))
        plan.append(Month(month_before(anchor, back + 1), cells))
    return plan


def _history(line: Line, scenario: Scenario, latest: int, back: int) -> int:
    """Posts `back` months before the scenario's month, from the `latest` month of the history."""
    season = scenario.seasons[line.season]
    shape = season[-1 - back % 12] / season[-2]
    return round(latest * shape / (1 + line.trend) ** (back - 1))


def _ai_share(line: Line, scenario: Scenario, back: int) -> float:
    if back < 2:
        return line.ai[1 - back]
    # a category that is about AI stays so; adoption elsewhere fades into the past
    return 1.0 if line.ai[0] == 1 else line.ai[0] * float(scenario.ai_fade) ** (back - 1)
