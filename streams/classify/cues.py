"""Phrases that decide without being skills: cues for categories, for AI, and for asides; files in `rules/`.

A cue is written like an alias (any case, `(s)` for with and without s); names under `exact` count only in
their exact spelling. Of cues of one kind the longest wins, so that a longer phrase with a neutral meaning
(`pass`) hides a shorter one.
"""

import tomllib
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import msgspec

from streams.classify.categories import CATEGORIES
from streams.classify.taxonomy import TaxonomyError

RULES: Final = Path(__file__).parent / "rules"

Scope = Literal[
    "pass",  # neutral: only hides shorter cues
    "seek",  # what follows is the person or work wanted
    "not_next",  # what follows directly is not asked for
    "not_before",  # what stands directly before is not asked for
    "sentence",  # the whole sentence is an aside
    "onwards",  # from here to the end of the sentence, or to a `seek` cue in it
    "beside",  # the people beside whom the hired one works: up to the next comma, colon, "to", or end of sentence
    "paragraph",  # the whole line, and where it is a heading, the paragraph below
    "not_list",  # what follows the colon, or the list below it, is not asked for
    "signature",  # from here to the end of the post, if the end is near
]


class CategoryCue(NamedTuple):
    """A phrase that speaks for one category, with its weight."""

    category: str
    weight: float


class AsideCue(NamedTuple):
    """A phrase that says what the text around it is worth."""

    scope: str


class AICue(NamedTuple):
    """A phrase about AI: the work itself, the mere subject, or a mention in passing."""

    kind: Literal["involved", "subject", "mentioned"]


Cue = CategoryCue | AsideCue | AICue


class Phrase(NamedTuple):
    """A cue as it is written."""

    name: str
    exact: bool
    cue: Cue


_STRENGTH: Final = {"strong": 4.0, "medium": 2.0, "weak": 1.0}
"""Weights of category cues: the very task or trade; a task of several trades; a tool or surrounding."""


class _Strengths(msgspec.Struct, forbid_unknown_fields=True):
    strong: tuple[str, ...] = ()
    medium: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()


class _AI(msgspec.Struct, forbid_unknown_fields=True):
    exact: tuple[str, ...]
    subject: tuple[str, ...]
    involved: tuple[str, ...]
    mentioned: tuple[str, ...]


def read_cues(folder: Path = RULES) -> list[Phrase]:
    """Every cue of the three files in `folder`. Raises TaxonomyError."""
    strengths = _read(folder / "categories.toml", dict[str, _Strengths])
    unknown = strengths.keys() - CATEGORIES.keys()
    if unknown:
        raise TaxonomyError(f"categories.toml: {', '.join(sorted(unknown))} is not in categories.tsv")
    _refuse_repeated(strengths)
    asides = _read(folder / "asides.toml", dict[Scope, tuple[str, ...]])
    ai = _read(folder / "ai.toml", _AI)
    return [
        *(
            Phrase(name, False, CategoryCue(category, weight))
            for category, names in strengths.items()
            for strength, weight in _STRENGTH.items()
            for name in getattr(names, strength)
        ),
        *(Phrase(name, False, AsideCue(scope)) for scope, names in asides.items() for name in names),
        *(Phrase(name, True, AICue("subject")) for name in ai.exact),
        *(Phrase(name, False, AICue("subject")) for name in ai.subject),
        *(Phrase(name, False, AICue("involved")) for name in ai.involved),
        *(Phrase(name, False, AICue("mentioned")) for name in ai.mentioned),
    ]


def _refuse_repeated(strengths: dict[str, _Strengths]) -> None:
    """A phrase speaks for one category, once: otherwise the order of the file would decide."""
    first: dict[str, str] = {}
    for category, lists in strengths.items():
        for name in (*lists.strong, *lists.medium, *lists.weak):
            if name in first:
                raise TaxonomyError(
                    f"categories.toml: {name!r} stands under {first[name]} and {category}: choose one"
                )
            first[name] = category


def _read(path: Path, shape: Any) -> Any:
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), shape)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise TaxonomyError(f"{path.name}: {error}") from error
