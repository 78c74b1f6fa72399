"""Which ambiguous names are meant as skills.

By context words, by a confirmed skill beside them, or by a tag.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from streams.classify.classified import ALIAS, CONTEXT, EXACT, NEIGHBOUR
from streams.classify.forms import forms
from streams.classify.matcher import Found, Span
from streams.classify.taxonomy import Skill


class Condition(NamedTuple):
    """What an ambiguous name of one skill needs nearby."""

    words: frozenset[bytes]
    phrases: tuple[bytes, ...]  # more than one word, between spaces
    distance: int
    with_skills: bool


Confirmed = tuple[int, int, int, str]
"""Start, end and skill of a span that counts, and the rule that let it through."""


_FAR = 1 << 60
"""An end past that of any text."""


class Evidence:
    """Decides over ambiguous names of `skills`."""

    def __init__(self, skills: Sequence[Skill]) -> None:
        self._conditions = [_condition(skill) for skill in skills]
        self._groups = [skill.group for skill in skills]
        self._longest = max((len(alias) for skill in skills for alias in skill.entry.aliases), default=0)
        self._technical = [skill.entry.kind == "technical" for skill in skills]

    def confirm(self, found: Found, folded: bytes, tagged: AbstractSet[int]) -> list[Confirmed]:
        """The hits of `found` that count, ordered by place.

        All safe ones do, and the ambiguous ones with evidence; an ambiguous one may be evidence for the next.
        """
        safe = found.safe
        if not found.hiding:
            kept = [(start, end, skill, ALIAS) for start, end, skill in safe]
            hiding: dict[int, list[Span]] = {}
        else:
            hiding = {}
            for span in found.hiding:
                hiding.setdefault(span[2], []).append(span)
            kept = [
                (start, end, skill, ALIAS)
                for start, end, skill in safe
                if skill not in hiding or not _inside(start, end, hiding[skill])
            ]
        waiting = []
        for span in found.ambiguous:
            start, end, skill = span
            # safe hits do not nest, so that only the last one that starts no later can hold this one
            before = bisect_right(safe, (start, _FAR)) - 1
            if before >= 0 and safe[before][1] >= end:
                continue
            if skill not in hiding or not _inside(start, end, hiding[skill]):
                waiting.append(span)
        if waiting:
            self._add_ambiguous(waiting, kept, folded, tagged)
        return kept

    def _add_ambiguous(
        self, waiting: list[Span], kept: list[Confirmed], folded: bytes, tagged: AbstractSet[int]
    ) -> None:
        while waiting:
            rules = [(span, self._rule(span, kept, folded, tagged)) for span in waiting]
            confirmed = [(*span, rule) for span, rule in rules if rule]
            if not confirmed:
                return
            kept += confirmed
            kept.sort()
            waiting = [span for span, rule in rules if not rule]

    def _rule(self, span: Span, kept: list[Confirmed], folded: bytes, tagged: AbstractSet[int]) -> str:
        start, end, skill = span
        words, phrases, distance, with_skills = self._conditions[skill]
        if skill in tagged:
            return CONTEXT
        if words or phrases:
            near = folded[max(0, start - distance) : end + 2 + distance]
            # without the words that the window cuts
            if not words.isdisjoint(near.split(b" ")[1:-1]):
                return CONTEXT
            for phrase in phrases:
                if phrase in near:
                    return CONTEXT
        elif not with_skills:
            return EXACT
        if with_skills:
            group = self._groups[skill]
            for index in range(bisect_left(kept, (start - distance - self._longest,)), len(kept)):
                other_start, other_end, other, _ = kept[index]
                if other_start > end + distance:
                    break
                if (
                    other_end >= start - distance
                    and other != skill
                    and (self._technical[other] or self._groups[other] == group)
                ):
                    return NEIGHBOUR
        return ""


def _inside(start: int, end: int, spans: list[Span]) -> bool:
    return any(first <= start and end <= last for first, last, _ in spans)


def _condition(skill: Skill) -> Condition:
    entry = skill.entry
    patterns = dict.fromkeys(form.pattern for word in entry.needs_any for form in forms(word))
    words = frozenset(pattern.strip() for pattern in patterns if b" " not in pattern.strip())
    phrases = tuple(pattern for pattern in patterns if b" " in pattern.strip())
    return Condition(words, phrases, entry.distance, entry.with_skills)
