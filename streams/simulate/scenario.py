"""A scenario: how many posts of each category in which month, calibrated by hand in a TOML file."""

import tomllib
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from schemas.faults import Fault
from streams.classify.categories import CATEGORIES

FOLDER: Final = Path(__file__).parent / "scenarios"

Share = Annotated[float, Meta(ge=0, le=1)]
Pair = Annotated[tuple[int, int], Meta(description="the month before, the scenario's month")]


class ScenarioError(Fault):
    """A scenario file is missing or wrong; the user mends it and calls again."""


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One category: distinct posts of the two calibrated months, and what its history looks like."""

    posts: Pair
    exact: bool = False
    """Keep the growth between the two months exact at every scale, before all other categories."""
    ai: tuple[Share, Share] = (0.0, 0.0)
    """Share of posts that involve AI in each of the two months."""
    trend: float = 0.0
    """Growth per month in the history before, as a fraction."""
    season: str = "flat"
    """Name of the seasonal shape in the history before."""


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two calibrated months by category, and the rhythm of days and hours."""

    title: str
    weekdays: Annotated[list[float], Meta(min_length=7, max_length=7)]
    """Weight of Monday to Sunday."""
    hours: Annotated[list[float], Meta(min_length=24, max_length=24)]
    """Weight of each hour in UTC."""
    seasons: dict[str, Annotated[list[float], Meta(min_length=12, max_length=12)]]
    """Name -> factor of each of the twelve months that end with the scenario's month."""
    ai_fade: Share
    """AI share of a month as a fraction of the share one month later, in the history before."""
    categories: dict[str, Line]

    @property
    def total(self) -> int:
        """Distinct posts of the two calibrated months at the scenario's own scale."""
        return sum(sum(line.posts) for line in self.categories.values())


def load_scenario(name: str) -> Scenario:
    """The packaged scenario `name`, or the one in the file of that path. Raises ScenarioError."""
    path = FOLDER / f"{name}.toml"
    if not path.exists():
        path = Path(name)
    try:
        scenario = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Scenario)
    except FileNotFoundError:
        known = ", ".join(sorted(found.stem for found in FOLDER.glob("*.toml")))
        raise ScenarioError(f"no scenario {name!r}: give a TOML file or one of {known}") from None
    except (OSError, ValueError) as error:
        raise ScenarioError(f"scenario {path}: {error}") from error
    _check(scenario, path)
    return scenario


def _check(scenario: Scenario, path: Path) -> None:
    if unknown := scenario.categories.keys() - set(CATEGORIES):
        raise ScenarioError(f"scenario {path}: {sorted(unknown)[0]!r} is none of the known categories")
    if missing := {line.season for line in scenario.categories.values()} - scenario.seasons.keys():
        raise ScenarioError(f"scenario {path}: season {sorted(missing)[0]!r} is not among [seasons]")
    if any(min(line.posts) < 0 for line in scenario.categories.values()) or not scenario.total:
        raise ScenarioError(f"scenario {path}: posts must be counts of 0 or more, and not all 0")
