"""Numbers and dates as editors print them. Pure."""

from collections.abc import Sequence
from datetime import date

MINUS = "\N{MINUS SIGN}"
_SPACE = "\N{NO-BREAK SPACE}"
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def count(number: int) -> str:
    """12345 -> 12,345."""
    return f"{number:,}"


def percent(share: float | None, digits: int = 1) -> str:
    """A share as `18.2 %`; a dash for none."""
    return "\N{EN DASH}" if share is None else f"{share * 100:.{digits}f}{_SPACE}%"


def signed(growth: float | None, digits: int = 1) -> str:
    """A growth as `+19.0 %`; a dash for none."""
    if growth is None:
        return "\N{EN DASH}"
    text = f"{abs(growth) * 100:,.{digits}f}"
    nothing = float(text.replace(",", "")) == 0
    return f"{'' if nothing else '+' if growth > 0 else MINUS}{text}{_SPACE}%"


def points(change: float | None) -> str:
    """A change of a share in percentage points: `+1.9 points`."""
    if change is None:
        return "\N{EN DASH}"
    text = f"{abs(change):.1f}"
    sign = "" if float(text) == 0 else "+" if change > 0 else MINUS
    return f"{sign}{text}{_SPACE}points"


def interval(low: float | None, high: float | None) -> str:
    """`+7.6 % to +31.6 %`."""
    return f"{signed(low)} to {signed(high)}"


def month(day: date) -> str:
    """`November 2025`."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def day(value: date) -> str:
    """`20 November 2025`."""
    return f"{value.day} {month(value)}"


def listed(parts: Sequence[str]) -> str:
    """`a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def plural(number: int, one: str, many: str = "") -> str:
    """`1 post`, `12 posts`."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"
