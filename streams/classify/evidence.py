"""Which ambiguous names are meant as skills.

By context words, by a confirmed skill beside them, or by a tag.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from streams.classify import classified
from streams.classify.forms import forms
from streams.classify.matcher import Found, Span
from streams.classify.taxonomy import Skill


class Condition(NamedTuple):
    """What an ambiguous name of one skill needs nearby."""

    words: tuple[bytes, ...]
    distance: int
    with_skills: bool


Confirmed = tuple[int, int, int, str]
"""Start, end and skill of a span that counts, and the rule that let it through."""


class Evidence:
    """Decides over ambiguous names of `skills`."""

    def __init__(self, skills: Sequence[Skill]) -> None:
        self._conditions = [_condition(skill) for skill in skills]
        self._groups = [skill.group for skill in skills]
        self._technical = [skill.entry.kind == "technical" for skill in skills]

    def confirm(self, found: Found, folded: bytes, tagged: AbstractSet[int]) -> list[Confirmed]:
        """The hits of `found` that count, ordered by place.

        All safe ones do, and the ambiguous ones with evidence; an ambiguous one may be evidence for the next.
        """
        kept = [(start, end, skill, classified.ALIAS) for start, end, skill in found.safe]
        if found.hiding:
            kept = [hit for hit in kept if not _inside(hit, found.hiding)]
        if found.ambiguous:
            self._add_ambiguous(found, kept, folded, tagged)
        kept.sort()
        return kept

    def _add_ambiguous(
        self, found: Found, kept: list[Confirmed], folded: bytes, tagged: AbstractSet[int]
    ) -> None:
        waiting = [span for span in found.ambiguous if not _hidden(span, found)]
        while waiting:
            rules = [(span, self._rule(span, kept, folded, tagged)) for span in waiting]
            confirmed = [(*span, rule) for span, rule in rules if rule]
            if not confirmed:
                return
            kept += confirmed
            waiting = [span for span, rule in rules if not rule]

    def _rule(self, span: Span, kept: list[Confirmed], folded: bytes, tagged: AbstractSet[int]) -> str:
        start, end, skill = span
        condition = self._conditions[skill]
        if skill in tagged:
            return classified.CONTEXT
        if condition.words:
            near = folded[max(0, start - condition.distance) : end + 2 + condition.distance]
            if any(word in near for word in condition.words):
                return classified.CONTEXT
        elif not condition.with_skills:
            return classified.EXACT
        if condition.with_skills and self._beside(span, kept, condition.distance):
            return classified.NEIGHBOUR
        return ""

    def _beside(self, span: Span, kept: list[Confirmed], distance: int) -> bool:
        start, end, skill = span
        return any(
            other != skill
            and other_start <= end + distance
            and other_end >= start - distance
            and (self._technical[other] or self._groups[other] == self._groups[skill])
            for other_start, other_end, other, _ in kept
        )


def _inside(span: Confirmed | Span, hiding: list[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end and skill == span[2] for start, end, skill in hiding)


def _hidden(span: Span, found: Found) -> bool:
    """Whether an ambiguous name lies inside a safe one, or in a phrase that hides it."""
    start, end, _ = span
    return _inside(span, found.hiding) or any(first <= start and end <= last for first, last, _ in found.safe)


def _condition(skill: Skill) -> Condition:
    entry = skill.entry
    words = dict.fromkeys(form.pattern for word in entry.needs_any for form in forms(word))
    return Condition(tuple(words), entry.distance, entry.with_skills)
