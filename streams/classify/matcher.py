"""All names of the taxonomy, and all cues, found in one pass over a text.

The automaton reports every pattern, also those inside longer ones. Of safe names the longest wins: a hit
inside another hit is dropped, hits that merely overlap both stand. So do cues, each kind for itself.
Ambiguous names are kept apart for `evidence`.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from streams.classify.classified import ALIAS
from streams.classify.cues import AICue, AsideCue, CategoryCue, Phrase
from streams.classify.forms import forms, spellings
from streams.classify.normalise import Searchable
from streams.classify.taxonomy import Skill

Span = tuple[int, int, int]
"""Start and end, in bytes of the searchable forms without their first space, and the number of a cue."""

Unsure = tuple[int, int, int, int]
"""An ambiguous name: start, end, number of the skill, clearness."""

Confirmed = tuple[int, int, int, int, str]
"""A name that counts: start, end, number of the skill, clearness, and the rule that let it through."""

TRADE, WORDING, AROUND_NAME, OWN_NAME = range(4)
"""Clearness: how good a name is as evidence.

The name of a trade ("video editor") says least of the skill, its own name most; a wording may stand around that.
"""

CATEGORY, SAFE, AMBIGUOUS, ASIDE, HIDING, AI = range(6)
"""What a name is; the most frequent first."""

_KIND_OF: Final[dict[type, int]] = {CategoryCue: CATEGORY, AsideCue: ASIDE, AICue: AI}

_TRADE_ENDS: Final = tuple(b"er ers or ors ist ists ant ants ian ians expert experts".split())


class Name(NamedTuple):
    """One meaning of a pattern."""

    kind: int
    number: int  # index of the skill or cue
    spelled: bytes | None  # the punctuation that must stand there, None where any will do
    exact: frozenset[str] | None  # the spellings that count, None for any case
    clearness: int = WORDING


class Found(NamedTuple):
    """Hits of one text, each list ordered by end, and where each skill's own names are hidden."""

    safe: list[Confirmed]
    ambiguous: list[Unsure]
    hiding: dict[int, list[tuple[int, int]]]
    aside: list[Span]
    ai: list[Span]
    category: list[Span]


class Matcher:
    """The automaton over the names of `skills` and over `cues`; hits carry indexes into the two.

    A pattern with several meanings stands in it once for each.
    """

    def __init__(self, skills: Sequence[Skill], cues: Sequence[Phrase]) -> None:
        meanings: dict[bytes, dict[Name, None]] = {}
        for number, skill in enumerate(skills):
            for pattern, name in _skill_names(number, skill):
                meanings.setdefault(pattern, {})[name] = None
        for number, phrase in enumerate(cues):
            for pattern, name in _cue_names(number, phrase):
                meanings.setdefault(pattern, {})[name] = None
        named = [(pattern, name) for pattern, names in meanings.items() for name in _needed(names)]
        self._names = [name for _, name in named]
        self._automaton = BytesAhoCorasick(
            [pattern for pattern, _ in named], implementation=Implementation.ContiguousNFA
        )

    def find(self, post: Searchable, opening_end: int) -> Found:
        """Every name and cue in `post`, hits inside longer ones left out.

        Category cues are reported up to `opening_end` only.
        """
        found = Found([], [], {}, [], [], [])
        safe, ambiguous, hiding, aside, ai, category = found
        text, folded, spelled, origin = post
        names = self._names
        last_start = last_end = -1
        for pattern, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            kind, number, spelling, exact, clearness = names[pattern]
            end -= 2
            if spelling is not None and spelled[start + 1 : end + 1] != spelling:
                continue
            if kind == SAFE:
                if start <= last_start:
                    # two skills may share a name: what spans the same stays
                    while safe and safe[-1][0] >= start and (safe[-1][0] > start or safe[-1][1] < end):
                        safe.pop()
                elif end == last_end:
                    continue  # inside the last one
                safe.append((start, end, number, clearness, ALIAS))
                last_start, last_end = start, end
            elif kind == CATEGORY:
                if end <= opening_end:
                    category.append((start, end, number))
            elif exact is not None and (
                (text[start:end] if origin is None else post.slice(start, end)) not in exact
            ):
                continue
            elif kind == AMBIGUOUS:
                ambiguous.append((start, end, number, clearness))
            elif kind == ASIDE:
                _keep_longest(aside, start, end, number)
            elif kind == HIDING:
                hiding.setdefault(number, []).append((start, end))
            else:
                _keep_longest(ai, start, end, number)
        return found


def _keep_longest(kept: list[Span], start: int, end: int, number: int) -> None:
    """Add a hit, or not, so that none lies inside another. Hits must come ordered by their end."""
    if kept:
        last_start, last_end, _ = kept[-1]
        if start > last_start:
            if end == last_end:
                return
        else:
            while kept and kept[-1][0] >= start and (kept[-1][0] > start or kept[-1][1] < end):
                kept.pop()
    kept.append((start, end, number))


def _needed(meanings: dict[Name, None]) -> tuple[Name, ...]:
    """The meanings of a pattern, apart from what cannot matter.

    A safe name hides what lies inside it without the help of a `not_in` phrase. Of several category cues the
    last one counts.
    """
    safe = {name.spelled for name in meanings if name.kind == SAFE}
    names = [name for name in meanings if not (name.kind == HIDING and name.spelled in safe)]
    cues = {name.spelled: name for name in names if name.kind == CATEGORY}
    return (*(name for name in names if name.kind != CATEGORY), *cues.values())


def _skill_names(number: int, skill: Skill) -> Iterator[tuple[bytes, Name]]:
    entry = skill.entry
    own = {form.pattern for form in forms(entry.name)}
    for kind, phrases in ((SAFE, entry.aliases), (HIDING, entry.not_in)):
        for phrase in phrases:
            for form in forms(phrase):
                yield form.pattern, Name(kind, number, form.spelled, None, _clearness(form.pattern, own))
    for pattern, exact in _exact_names(entry.ambiguous):
        yield pattern, Name(AMBIGUOUS, number, None, exact, _clearness(pattern, own))


def _clearness(pattern: bytes, own: AbstractSet[bytes]) -> int:
    if pattern in own:
        return OWN_NAME
    if any(name in pattern for name in own):
        return AROUND_NAME
    return TRADE if pattern[:-1].endswith(_TRADE_ENDS) else WORDING


def _exact_names(spelled: Sequence[str]) -> list[tuple[bytes, frozenset[str]]]:
    """Patterns with the spellings that count, which make a look at the punctuation unnecessary."""
    exact: dict[bytes, set[str]] = {}
    for name in spelled:
        for form in forms(name):
            exact.setdefault(form.pattern, set()).update(spellings(name))
    return [(pattern, frozenset(texts)) for pattern, texts in exact.items()]


def _cue_names(number: int, phrase: Phrase) -> list[tuple[bytes, Name]]:
    kind = _KIND_OF[type(phrase.cue)]
    if phrase.exact:
        return [(pattern, Name(kind, number, None, exact)) for pattern, exact in _exact_names([phrase.name])]
    return [(form.pattern, Name(kind, number, form.spelled, None)) for form in forms(phrase.name)]
