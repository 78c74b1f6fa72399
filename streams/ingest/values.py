"""Single values as exports write them: times, amounts, lists, markup. Pure; ValueError says what is wrong."""

import html
import re
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any, Final

_AMOUNT: Final = re.compile(r"\d[\d,. ]*")
# read as it is: the schema refuses what is below zero
_NEGATIVE: Final = re.compile(r"\s*[^\w\s]?\s*[-\u2212]\W*\d")
_THOUSANDS: Final = re.compile(r"(\d+)(\.\d+)?\s*[kK]\b")
_BREAK: Final = re.compile(r"<\s*(br|/p|/div|/li|/h[1-6]|/ul|/tr)\b[^>]*>", re.IGNORECASE)
_ITEM: Final = re.compile(r"<\s*li\b[^>]*>", re.IGNORECASE)
_UNSEEN: Final = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG: Final = re.compile(r"<[a-zA-Z/!][^<>]*>")
_SPACES: Final = re.compile(r"[ \t\xa0]+")
_BLANK_LINES: Final = re.compile(r"\n\s*\n\s*\n+")


def moment(value: Any, formats: Sequence[str], zone: tzinfo) -> str:
    """The time `value` in UTC, RFC 3339; times without a zone are read in `zone`."""
    for form in formats:
        try:
            return _utc(_parsed(value, form), zone)
        except (ValueError, OverflowError, OSError, TypeError):
            continue
    raise ValueError(f"time {str(value)[:60]!r} has none of the forms {', '.join(formats)}")


def _parsed(value: Any, form: str) -> datetime:
    if isinstance(value, datetime):
        return value
    if form in ("epoch", "epoch_ms"):
        return datetime.fromtimestamp(float(value) / (1_000 if form == "epoch_ms" else 1), UTC)
    text = str(value).strip()
    if form == "iso":
        return datetime.fromisoformat(text.removesuffix(" UTC"))
    if form == "rfc2822":
        return parsedate_to_datetime(text)
    return datetime.strptime(text, form)  # noqa: DTZ007  # its zone, if it has none, is given by the mapping


def _utc(time: datetime, zone: tzinfo) -> str:
    aware = time if time.tzinfo else time.replace(tzinfo=zone)
    return aware.astimezone(UTC).isoformat()


def amount(value: Any) -> float:
    """The first amount in `value`: `$1,250.50`, `1.250,50 EUR`, `15k`, `20 - 30` (20), `-10`."""
    if isinstance(value, int | float | Decimal):
        return float(value)
    text = str(value)
    sign = -1 if _NEGATIVE.match(text) else 1
    if thousands := _THOUSANDS.search(text):
        return sign * float(thousands[1] + (thousands[2] or "")) * 1_000
    found = _AMOUNT.search(text)
    if not found:
        raise ValueError(f"no amount in {text[:60]!r}")
    return sign * float(_plain_number(found[0].replace(" ", "").strip(".,")))


def _plain_number(digits: str) -> str:
    """Digits with at most one point: the last separator is the decimal one unless three digits follow it."""
    last = max(digits.rfind(","), digits.rfind("."))
    if last < 0:
        return digits
    whole, fraction = re.sub("[,.]", "", digits[:last]), digits[last + 1 :]
    return whole + fraction if len(fraction) == 3 else f"{whole}.{fraction}"


def texts(value: Any, separators: Sequence[str]) -> list[str]:
    """The texts of a list, or of one text at the first separator that it contains, trimmed, none empty."""
    if isinstance(value, list | tuple):
        parts = [str(part.get("name", "")) if isinstance(part, dict) else str(part) for part in value]
    else:
        text = str(value).strip()
        if text.startswith("[") and text.endswith("]"):
            text = text[1:-1].replace('"', "").replace("'", "")
        separator = next((found for found in separators if found in text), None)
        parts = text.split(separator) if separator else [text]
    return [part.strip() for part in parts if part.strip()]


def plain_text(markup: str) -> str:
    """HTML as text: line breaks and list items stay, tags go, entities become letters."""
    text = _ITEM.sub("\n- ", _BREAK.sub("\n", _UNSEEN.sub(" ", markup)))
    text = html.unescape(html.unescape(_TAG.sub(" ", text)))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
