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


class Confirmed(NamedTuple):
    """A span that counts, and the rule that let it through."""

    start: int
    end: int
    skill: int
    rule: str


class Evidence:
    """Decides over ambiguous names of `skills`."""

    def __init__(self, skills: Sequence[Skill]) -> None:
        self._conditions = [_condition(skill) for skill in skills]
        self._groups = [skill.group for skill in skills]
        self._technical = [skill.entry.kind == "technical" for skill in skills]

    def confirm(self, found: Found, folded: bytes, tagged: AbstractSet[int]) -> list[Confirmed]:
        """The hits of `found` that count, ordered by place.

        All safe ones, and the ambiguous ones with evidence.
        """
        kept = [Confirmed(*span, classified.ALIAS) for span in found.safe if not _inside(span, found.hiding)]
        open_spans = [
            span
            for span in found.ambiguous
            if not _inside(span, found.hiding)
            and not any(s <= span[0] and span[1] <= e for s, e, _ in found.safe)
        ]
        while open_spans:
            rules = [(span, self._rule(span, kept, folded, tagged)) for span in open_spans]
            confirmed = [Confirmed(*span, rule) for span, rule in rules if rule]
            if not confirmed:
                break
            kept += confirmed
            open_spans = [span for span, rule in rules if not rule]
        return sorted(kept)

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


def _inside(span: Span, hiding: list[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end and skill == span[2] for start, end, skill in hiding)


def _condition(skill: Skill) -> Condition:
    entry = skill.entry
    words = dict.fromkeys(form.pattern for word in entry.needs_any for form in forms(word))
    return Condition(tuple(words), entry.distance, entry.with_skills)
