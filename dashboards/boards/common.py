"""What the boards share: their uids, variables, arguments of views, columns that look the same everywhere."""

from typing import Final

from dashboards.builder import variable
from dashboards.builder.field import GREEN, RED, YELLOW, column, link, says, steps
from dashboards.builder.query import Json

LIVE_UID: Final = "skillpulse-live"
EXPLORER_UID: Final = "skillpulse-explorer"
PIPELINE_UID: Final = "skillpulse-pipeline"

RANGE: Final = "since = toTimeZone($__fromTime, 'UTC'), until = toTimeZone($__toTime, 'UTC')"
"""The time range of the board as arguments of a view."""

MONTHS: Final = "since = toStartOfMonth(toTimeZone($__fromTime, 'UTC')), until = toStartOfMonth(toTimeZone($__toTime, 'UTC'))"
"""The whole months that the time range ends in: the running one is left out."""

MIN_BASE: Final = 30
"""Posts that a comparison must rest on: the same as in the views' definitions."""

MONTH: Final = variable.chosen(
    "month",
    "Month",
    "The month that growth figures are about; the newest complete one at first.",
    "SELECT toString(month) AS value, label AS text FROM counted_months",
)
GROUP: Final = variable.chosen(
    "group",
    "Group",
    "One of the 11 groups of categories.",
    "SELECT DISTINCT category_group AS value, replaceAll(category_group, '_', ' ') AS text FROM category_names ORDER BY value",
    everything=True,
)
CATEGORY: Final = variable.chosen(
    "category",
    "Category",
    "One of the 37 categories.",
    "SELECT category AS value, replaceAll(category, '_', ' ') AS text FROM category_names"
    " WHERE ${group:sqlstring} IN ('', category_group) ORDER BY value",
    everything=True,
)
AI: Final = variable.listed(
    "ai",
    "AI",
    "Posts whose work involves AI, or the others.",
    {"true": "with AI", "false": "without AI"},
    everything=True,
)
SIZE: Final = variable.listed(
    "size",
    "Client size",
    "Small and medium businesses, or large ones; many posts do not say.",
    {"smb": "small and medium", "large": "large", "unknown": "not said"},
    everything=True,
)

GROWTH_COLUMNS: Final[tuple[Json, ...]] = (
    column("Growth", unit="percentunit", decimals=0, custom__width=90),
    column("95 % interval", custom__width=150),
    column("Posts", custom__width=75),
    column("Before", custom__width=75),
    column("skill", custom__hidden=True),
)

CLEAR_GROWTH: Final = column(
    "Growth", custom__cellOptions={"type": "color-text"}, thresholds=steps(RED, (0.0, GREEN))
)
"""Colours only where every growth shown is beyond chance: elsewhere the verdict has the colour."""


def _signed(share: str) -> str:
    """A growth in per cent with its sign, in SQL: whole ones, tenths below one."""
    percent = f"abs({share}) * 100"
    return f"if({share} < 0, '−', '+'), toString(round({percent}, if({percent} < 1, 1, 0)))"


INTERVAL: Final = (
    f"concat({_signed('growth_low')}, ' to ', {_signed('growth_high')}, ' %') AS `95 % interval`"
)
"""Both ends of a growth's interval in words: how sure it is."""

SKILL_LINK: Final = link(
    "Explore ${__data.fields.Skill}", f"/d/{EXPLORER_UID}?var-skill=${{__data.fields.skill}}"
)

VERDICT: Final = says(
    {
        "up": ("▲ rising", GREEN),
        "down": ("▼ falling", RED),
        "no clear change": ("no clear change", "text"),
        "base too small": ("too few posts to say", YELLOW),
    }
)


def filters(*applied: str) -> str:
    """The five filters of a view: those named take the board's variable, the others let everything through."""
    names = {"category": "category", "category_group": "group", "client_size": "size", "ai": "ai"}
    said = (
        f"{argument} = ${{{name}:sqlstring}}" if name in applied else f"{argument} = ''"
        for argument, name in names.items()
    )
    return ", ".join((*said, "market = ''"))
