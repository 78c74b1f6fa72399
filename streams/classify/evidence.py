"""Which ambiguous names are meant as skills.

By context words, by a confirmed skill beside them, or by a tag; languages also where they are listed.
"""

from bisect import bisect_left
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from streams.classify.classified import CONTEXT, EXACT, NEIGHBOUR
from streams.classify.forms import forms
from streams.classify.listed import Languages
from streams.classify.matcher import Confirmed, Found, Unsure
from streams.classify.normalise import Searchable
from streams.classify.taxonomy import Skill


class Condition(NamedTuple):
    """What an ambiguous name of one skill needs nearby."""

    words: frozenset[bytes]
    phrases: dict[bytes, list[bytes]]  # by their first word: phrases of more than one word, between spaces
    distance: int
    with_skills: bool


class Evidence:
    """Decides over ambiguous names of `skills`."""

    def __init__(self, skills: Sequence[Skill]) -> None:
        self._conditions = [_condition(skill) for skill in skills]
        self._groups = [skill.group for skill in skills]
        self._longest = max((len(alias) for skill in skills for alias in skill.entry.aliases), default=0)
        self._languages = Languages(skills)
        self._spoken = [skill.entry.kind == "language" for skill in skills]
        self._technical = [skill.entry.kind == "technical" for skill in skills]

    def confirm(self, found: Found, post: Searchable, tagged: AbstractSet[int]) -> list[Confirmed]:
        """The hits of `found` that count, ordered by place.

        All safe ones do, and the ambiguous ones with evidence; an ambiguous one may be evidence for the next.
        """
        hiding = found.hiding
        kept = [
            hit for hit in found.safe if hit[2] not in hiding or not _inside(hit[0], hit[1], hiding[hit[2]])
        ]
        waiting = _outside_of_safe_names(found)
        if waiting:
            alone = self._by_context(waiting, kept, post, tagged)
            kept.sort()
            self._by_neighbours(alone, kept)
        return kept

    def _by_context(
        self, waiting: list[Unsure], kept: list[Confirmed], post: Searchable, tagged: AbstractSet[int]
    ) -> list[Unsure]:
        """Add to `kept` what a tag or a word nearby confirms; return what a skill nearby may still confirm."""
        alone = []
        for span in waiting:
            start, end, skill, _ = span
            condition = self._conditions[skill]
            if skill in tagged or _met(condition, post.folded, start, end):
                kept.append((*span, CONTEXT))
            elif self._spoken[skill] and self._languages.listed(post.spelled, start):
                kept.append((*span, EXACT))
            elif condition.with_skills:
                alone.append(span)
            elif not condition.words and not condition.phrases:
                kept.append((*span, EXACT))
        return alone

    def _by_neighbours(self, waiting: list[Unsure], kept: list[Confirmed]) -> None:
        """Add to `kept` (ordered) what a confirmed skill nearby confirms, which may confirm the next."""
        while waiting:
            confirmed = [span for span in waiting if self._has_neighbour(span, kept)]
            if not confirmed:
                return
            waiting = [span for span in waiting if span not in confirmed]
            kept += [(*span, NEIGHBOUR) for span in confirmed]
            kept.sort()

    def _has_neighbour(self, span: Unsure, kept: list[Confirmed]) -> bool:
        start, end, skill, _ = span
        distance, group = self._conditions[skill].distance, self._groups[skill]
        first, last = start - distance, end + distance
        for index in range(bisect_left(kept, (first - self._longest,)), len(kept)):
            other_start, other_end, other, _, _ = kept[index]
            if other_start > last:
                return False
            if (
                other_end >= first
                and other != skill
                and (self._technical[other] or self._groups[other] == group)
            ):
                return True
        return False


def _outside_of_safe_names(found: Found) -> list[Unsure]:
    """The ambiguous names that neither a longer safe name nor a phrase under `not_in` holds."""
    safe, hiding, outside = found.safe, found.hiding, []
    index = 0
    for span in found.ambiguous:
        start, end, skill, _ = span
        # safe names do not nest, so that only the first one that ends no earlier can hold this one
        while index < len(safe) and safe[index][1] < end:
            index += 1
        if index < len(safe) and safe[index][0] <= start:
            continue
        if skill not in hiding or not _inside(start, end, hiding[skill]):
            outside.append(span)
    return outside


def _inside(start: int, end: int, stretches: list[tuple[int, int]]) -> bool:
    return any(first <= start and end <= last for first, last in stretches)


def _met(condition: Condition, folded: bytes, start: int, end: int) -> bool:
    """Whether one of the condition's words or phrases stands nearby."""
    words, phrases, distance, _ = condition
    first, last = max(0, start - distance), end + 2 + distance
    # without the name itself and the words that the window cuts
    present = (folded[first : start + 1] + folded[end + 1 : last]).split(b" ")[1:-1]
    if not words.isdisjoint(present):
        return True
    if phrases.keys().isdisjoint(present):
        return False
    near = folded[first:last]
    return any(near.find(phrase) >= 0 for word in present if word in phrases for phrase in phrases[word])


def _condition(skill: Skill) -> Condition:
    entry = skill.entry
    patterns = dict.fromkeys(form.pattern for word in entry.needs_any for form in forms(word))
    words = frozenset(pattern.strip() for pattern in patterns if b" " not in pattern.strip())
    phrases: dict[bytes, list[bytes]] = {}
    for pattern in patterns:
        first, *others = pattern.split()
        if others:
            phrases.setdefault(first, []).append(pattern)
    return Condition(words, phrases, entry.distance, entry.with_skills)
