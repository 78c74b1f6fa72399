"""One post in, its skills, category and AI flag out. Pure and deterministic."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from streams.classify import classified
from streams.classify.ai import AIJudge
from streams.classify.asides import NO_ASIDES, AsideJudge, Asides, negated
from streams.classify.categories import CATEGORIES
from streams.classify.category import GIVEN_WEIGHT, OPENING_LENGTH, CategoryJudge, Places, places_of
from streams.classify.classified import Classified, Hit
from streams.classify.cues import Phrase, read_cues
from streams.classify.evidence import Evidence
from streams.classify.forms import forms
from streams.classify.matcher import AROUND_NAME, OWN_NAME, Confirmed, Found, Matcher
from streams.classify.normalise import Searchable, searchable
from streams.classify.taxonomy import FOLDER, Skill, read_taxonomy
from streams.classify.version import taxonomy_version

AI = "ai"
"""The `skill` of AI evidence that is a phrase, not a skill of the taxonomy."""


class Classifier:
    """Reads posts by `skills` and `cues`.

    `taxonomy_version` names these together with the rules that decide.
    """

    def __init__(self, skills: Sequence[Skill], cues: Sequence[Phrase], taxonomy_version: str) -> None:
        self.skills = tuple(skills)
        self.taxonomy_version = taxonomy_version
        self._slugs = [skill.slug for skill in skills]
        self._own_names = [forms(skill.entry.name) for skill in skills]
        self._ai_skills = frozenset(number for number, skill in enumerate(skills) if skill.entry.ai)
        self._ai = AIJudge(cues)
        self._matcher = Matcher(skills, cues)
        self._evidence = Evidence(skills)
        self._asides = AsideJudge(cues)
        self._category = CategoryJudge(skills, cues)
        self._by_tag = _tag_names(skills)
        self._given = lru_cache(1024)(self._read_given)

    def classify(
        self, title: str, description: str, tags: Sequence[str] = (), category: str = ""
    ) -> Classified:
        """What the post asks for. The platform's own `tags` and `category` are evidence, not truth."""
        post = searchable(title + "\n" + description)
        title_end = len(title)
        tagged = self._read_tags(tags) if tags else {}
        found = self._matcher.find(post, title_end + OPENING_LENGTH)
        asides = self._asides.read(post, found.aside, title_end)
        best = self._best(post, found, asides, tagged)
        places = places_of(post.spelled, title_end, asides.sought)
        verdict = self._category.decide(
            best.values(), found.category, asides, places, self._given(category) if category else {}
        )
        slugs, text = self._slugs, post.text
        if post.origin is None:
            hits = [
                Hit(slugs[skill], text[start:end], start, end, rule)
                for start, end, skill, _, rule in best.values()
            ]
        else:
            hits = [
                Hit(slugs[skill], *_slice(post, start, end), rule)
                for start, end, skill, _, rule in best.values()
            ]
        evidence = self._ai_evidence(post, title_end, found, best, asides, verdict.category)
        for skill, tag in tagged.items():
            if skill not in best:
                hits.append(Hit(slugs[skill], tag, -1, -1, classified.TAG))
                if skill in self._ai_skills:
                    evidence.append(hits[-1])
        return Classified(tuple(hits), *verdict, bool(evidence), tuple(evidence))

    def _best(
        self, post: Searchable, found: Found, asides: Asides, tagged: dict[int, str]
    ) -> dict[int, Confirmed]:
        """The mention of each skill that is its evidence, ordered by place.

        That is the first one that asks for it, but one by the skill's own name is better evidence than other
        words for it, and any is better than the name of a trade ("video editor"). Of words around its own name
        ("figma files") the name alone is the evidence.
        """
        confirmed = self._evidence.confirm(found, post, tagged.keys())
        dropped = negated(post, asides, confirmed)
        if dropped:
            confirmed = [hit for index, hit in enumerate(confirmed) if index not in dropped]
        asides.take_from(confirmed)
        best: dict[int, Confirmed] = {}
        moved = False
        for hit in confirmed:
            skill = hit[2]
            first = best.get(skill)
            if first is None:
                best[skill] = hit
            elif hit[3] > first[3]:
                best[skill] = hit
                moved = True
        around = [skill for skill, hit in best.items() if hit[3] == AROUND_NAME]
        for skill in around:
            best[skill] = self._own_name_in(post, best[skill])
        moved |= bool(around)
        return dict(sorted(best.items(), key=_place)) if moved else best

    def _own_name_in(self, post: Searchable, hit: Confirmed) -> Confirmed:
        """The hit narrowed to the skill's own name, which its pattern holds."""
        start, end, skill, _, rule = hit
        for form in self._own_names[skill]:
            at = post.folded.find(form.pattern, start, end + 2)
            if at >= 0 and form.spelled in (None, post.spelled[at + 1 : at + len(form.pattern) - 1]):
                return at, at + len(form.pattern) - 2, skill, OWN_NAME, rule
        return hit

    def _ai_evidence(
        self,
        post: Searchable,
        title_end: int,
        found: Found,
        best: dict[int, Confirmed],
        asides: Asides,
        category: str,
    ) -> list[Hit]:
        if not found.ai and self._ai_skills.isdisjoint(best):
            return []
        skills = [hit[:3] for skill, hit in best.items() if skill in self._ai_skills]
        spans = self._ai.evidence(post, title_end, found.ai, skills, asides, category)
        return [Hit(AI, *_slice(post, start, end), classified.CUE) for start, end, _ in spans]

    def _read_tags(self, tags: Sequence[str]) -> dict[int, str]:
        named = ((self._by_tag.get(searchable(tag).spelled.strip()), tag) for tag in tags)
        return {skill: tag for skill, tag in named if skill is not None}

    def _read_given(self, category: str) -> dict[str, float]:
        """What a platform's category speaks for: one of ours, or whatever its words are cues for."""
        if category in CATEGORIES:
            return {category: GIVEN_WEIGHT}
        found = self._matcher.find(searchable(category), len(category))
        verdict = self._category.decide(
            found.safe,
            found.category,
            NO_ASIDES,
            Places(len(category), len(category), ()),
            {},
        )
        return {verdict.category: GIVEN_WEIGHT * verdict.score} if verdict.score else {}


def _place(item: tuple[int, Confirmed]) -> int:
    return item[1][0]


def _slice(post: Searchable, start: int, end: int) -> tuple[str, int, int]:
    start, end = post.place(start, end)
    return post.text[start:end], start, end


def _tag_names(skills: Sequence[Skill]) -> dict[bytes, int]:
    """Every form of a tag that means a skill.

    The tags of a skill's entry count first, then its aliases, its name, its ambiguous names.
    """
    found: dict[bytes, int] = {}
    for names in ("tags", "aliases", "name", "ambiguous"):
        for number, skill in enumerate(skills):
            given = getattr(skill.entry, names)
            for name in (given,) if isinstance(given, str) else given:
                for form in forms(name):
                    found.setdefault(form.spelled or form.pattern.strip(), number)
    return found


def load_classifier(folder: Path | None = None) -> Classifier:
    """The classifier over the taxonomy in `folder`, the packaged one by default. Raises TaxonomyError."""
    folder = folder or FOLDER
    with _uncollected():
        classifier = Classifier(read_taxonomy(folder), read_cues(), taxonomy_version(folder))
    forms.cache_clear()
    return classifier


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without cyclic garbage collection: it would look through half a million lasting objects again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
