"""The category of a post: by what the hired person will do.

Cues (`rules/categories.toml`) and the skills of the taxonomy that stand for a category are weighed by where
they stand: the title most, then what follows "looking for", then the opening.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from streams.classify.asides import Asides
from streams.classify.categories import OTHER
from streams.classify.cues import CategoryCue, Phrase
from streams.classify.matcher import Confirmed, Span
from streams.classify.taxonomy import Skill

TITLE: Final = 3.0
PURPOSE: Final = 1.5
SOUGHT: Final = 2.0
OPENING: Final = 1.0
"""Weights by place, in that order of precedence."""

OPENING_LENGTH: Final = 400
"""Characters of the description: where its subject is said. What stands further down has no vote."""

SOUGHT_LENGTH: Final = 50
"""Characters after "looking for" in which the wanted person or work is named."""

SKILL_WEIGHT: Final = 1.5
"""A skill weighs less than a cue for the task itself: it may be a tool on the way."""

HEAD: Final = 8
"""Characters. Shorter heads say nothing yet ("Help with ...")."""

_PURPOSE: Final = re.compile(rb" (?:for|to|with|who|at|in|our product)\b|\(")

GIVEN_WEIGHT: Final = 3.0
"""The platform's own category, as much as a strong cue in the opening: evidence, not truth."""


class Verdict(NamedTuple):
    """The best category with its share of the evidence (0 to 1), and the next best."""

    category: str
    score: float
    runner_up: str


class Places(NamedTuple):
    """Where the title's head and the title end, and the ends of phrases like "looking for"."""

    head_end: int
    title_end: int
    sought: Sequence[int]


def places_of(spelled: bytes, title_end: int, sought: Sequence[int]) -> Places:
    """The places of a post: a title's head ends before the purpose, "Bookkeeper | for an AI start-up"."""
    asked = max((place for place in sought if place < title_end), default=0)
    purpose = _PURPOSE.search(spelled, max(asked, HEAD) + 1, title_end + 1)
    return Places(purpose.start() - 1 if purpose else title_end, title_end, sought)


class CategoryJudge:
    """Weighs the categories that the skills and cues of a post speak for."""

    def __init__(self, skills: Sequence[Skill], cues: Sequence[Phrase]) -> None:
        self._by_skill = [skill.entry.category for skill in skills]
        self._by_cue = [phrase.cue if isinstance(phrase.cue, CategoryCue) else ("", 0.0) for phrase in cues]

    def decide(
        self,
        skills: Iterable[Confirmed],
        cues: Iterable[Span],
        asides: Asides,
        places: Places,
        given: dict[str, float],
    ) -> Verdict:
        """The verdict over the skills that count and the cues, ordered by place (start, end, number)."""
        scores = dict(given)
        head_end, title_end, sought = places
        opening_end = title_end + OPENING_LENGTH
        sought = [place for place in sought if title_end <= place < opening_end]
        for start, _, skill, _, _ in skills:
            if start > opening_end:
                break
            category = self._by_skill[skill]
            if category:
                weight = SKILL_WEIGHT * _weight(start, head_end, title_end, sought)
                scores[category] = scores.get(category, 0.0) + weight
        for number, start in _first_of_longest(cues, asides).items():
            category, weight = self._by_cue[number]
            weight *= _weight(start, head_end, title_end, sought)
            scores[category] = scores.get(category, 0.0) + weight
        return _verdict(scores)


def _first_of_longest(cues: Iterable[Span], asides: Asides) -> dict[int, int]:
    """Where each cue first stands that lies neither inside a longer one nor in an aside."""
    kept: list[Span] = []
    last_start = last_end = -1
    for cue in cues:
        start, end, _ = cue
        if start > last_start:
            if end == last_end:
                continue
        else:
            while kept and kept[-1][0] >= start:
                kept.pop()
        kept.append(cue)
        last_start, last_end = start, end
    asides.take_from(kept)
    return {number: start for start, _, number in reversed(kept)}


def _weight(start: int, head_end: int, title_end: int, sought: Sequence[int]) -> float:
    """The weight of a place in the title or the opening."""
    if start < title_end:
        return TITLE if start < head_end else PURPOSE
    for place in sought:
        if place <= start < place + SOUGHT_LENGTH:
            return SOUGHT
    return OPENING


def _verdict(scores: dict[str, float]) -> Verdict:
    if not scores:
        return Verdict(OTHER, 0.0, OTHER)
    ranked = sorted([(-score, category) for category, score in scores.items()])
    score, best = ranked[0]
    return Verdict(best, -score / sum(scores.values()), ranked[1][1] if len(ranked) > 1 else OTHER)
