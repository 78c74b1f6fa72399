"""The phrase banks: what people write in job posts, by category, in TOML files that anyone can extend.

In a phrase `{a}`, `{b}` and `{c}` stand for skills of the post, `{x}` for an AI tool, all other names in braces
for the lists of common.toml and for the bank's own `products`. A skill is written `Tag|as some write it|...`.
"""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Annotated, Any, Final, TypeVar

import msgspec
from msgspec import Meta

from streams.classify.categories import CATEGORIES

FOLDER: Final = Path(__file__).parent / "phrasebank"

Phrases = Annotated[list[str], Meta(min_length=1)]
Range = tuple[int, int]
T = TypeVar("T")


class AiPhrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a post of the category says when the work involves AI."""

    titles: list[str]
    sentences: Phrases
    skills: Phrases


class Bank(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The phrases of one category."""

    label: str
    """The category as marketplaces call it."""
    rates: Range
    """Lowest and highest hourly pay in US dollars."""
    budgets: Range
    """Lowest and highest fixed budget in US dollars."""
    hourly: float
    """Share of posts that pay by the hour."""
    titles: Phrases
    openings: Phrases
    tasks: Phrases
    needs: Phrases
    products: Phrases
    skills: Annotated[list[str], Meta(min_length=5)]
    """Most asked first."""
    core: list[str] = []
    """Skills that nearly every post of the category that involves AI asks for."""
    ai: AiPhrases | None = None


class Common(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Phrases that fit every category, the lists behind the slots, and the clients."""

    greetings: Phrases
    companies: Phrases
    terms: Phrases
    closings: Phrases
    task_heads: Phrases
    need_heads: Phrases
    soft: Phrases
    ai: AiPhrases
    slots: dict[str, Phrases]
    countries: dict[str, tuple[float, str]]
    """Name as written -> weight, currency."""
    client_sizes: dict[str, float]
    levels: dict[str, float]
    sources: dict[str, float]


@cache
def banks() -> dict[str, Bank]:
    """Category -> its bank, for all categories."""
    return {name: msgspec.convert(_read(name), Bank) for name in CATEGORIES}


@cache
def common() -> Common:
    """The phrases for all categories."""
    return msgspec.convert(_read("common"), Common)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


_SLOT: Final = re.compile(r"\{((?:a )?[a-z]+)\}")


_ARTICLE: Final = re.compile(r"\ba \{(industry|product|language|team)\}")
_VOWEL: Final = re.compile(r"(?!us|uni|uk|eu|one)[aeiou]|(LLM|NLP|SEO|HR|MP|NDA|FAQ)\b", re.IGNORECASE)


def template(phrase: str) -> str:
    """The phrase as a %-template: one formatting call then fills all slots of a whole description.

    `a {product}` becomes the slot `a product`, whose value comes with the article that fits.
    """
    return _SLOT.sub(r"%(\1)s", _ARTICLE.sub(r"{a \1}", phrase.replace("%", "%%")))


def with_article(word: str) -> str:
    """`insurance` -> `an insurance`."""
    return f"an {word}" if _VOWEL.match(word) else f"a {word}"


def templates(phrases: list[str]) -> tuple[str, ...]:
    """All phrases as templates."""
    return tuple(map(template, phrases))


def weighted(weights: dict[T, float], steps: int = 500) -> tuple[T, ...]:
    """Each item as often as its weight says, so that drawing is one look-up."""
    whole = sum(weights.values())
    return tuple(
        item for item, weight in weights.items() for _ in range(max(1, round(steps * weight / whole)))
    )


def draw(items: tuple[T, ...], random: Random) -> T:
    """One of `items`; only `Random.random` is called, whose numbers are the same in every Python."""
    return items[int(random.random() * len(items))]


class Circle(tuple[str, ...]):
    """Phrases written twice in a row, so that any few neighbours on the circle are one slice."""

    __slots__ = ()

    def __new__(cls, phrases: Sequence[str]) -> "Circle":
        """The circle of `phrases`."""
        return super().__new__(cls, (*phrases, *phrases))

    def some(self, number: int, random: Random) -> tuple[str, ...]:
        """`number` different phrases, fewer where there are not so many."""
        half = len(self) // 2
        start = int(random.random() * half)
        return self[start : start + min(number, half)]
