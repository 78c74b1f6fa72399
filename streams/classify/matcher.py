"""All names of the taxonomy, and all cues, found in one pass over a text.

The automaton reports every pattern, also those inside longer ones. Of safe names the longest wins: a hit
inside another hit is dropped, hits that merely overlap both stand. So do cues, each kind for itself.
Ambiguous names are kept apart for `evidence`.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from streams.classify.cues import AICue, AsideCue, CategoryCue, Phrase
from streams.classify.forms import forms, spellings
from streams.classify.normalise import Searchable
from streams.classify.taxonomy import Skill

Span = tuple[int, int, int]
"""Start and end, in bytes of the searchable forms without their first space, and a number.

Of a skill or a cue.
"""

SAFE, AMBIGUOUS, HIDING, ASIDE, AI, CATEGORY = range(6)
"""The lists of `Found` by which a name's meaning is filed."""

_SEVERAL, _NONE = 6, 7

_LONGEST_WINS = frozenset({SAFE, ASIDE, AI})


_LIST_OF: Final[dict[type, int]] = {CategoryCue: CATEGORY, AsideCue: ASIDE, AICue: AI}


class Name(NamedTuple):
    """One meaning of a pattern."""

    list: int
    number: int  # index of the skill or cue
    spelled: bytes | None  # the punctuation that must stand there, None where any will do
    exact: frozenset[str] | None  # the spellings that count, None for any case


class Found(NamedTuple):
    """Hits of one text, each list ordered by end."""

    safe: list[Span]
    ambiguous: list[Span]
    hiding: list[Span]
    aside: list[Span]
    ai: list[Span]
    category: list[Span]


class Matcher:
    """The automaton over the names of `skills` and over `cues`; spans carry indexes into the two.

    Most patterns are one safe name, one ambiguous name, one category cue, or a name and a cue of the same
    spelling: these are decided in the loop of `find`.
    """

    def __init__(self, skills: Sequence[Skill], cues: Sequence[Phrase]) -> None:
        names: dict[bytes, dict[Name, None]] = {}
        for number, skill in enumerate(skills):
            for pattern, name in _skill_names(number, skill):
                names.setdefault(pattern, {})[name] = None
        for number, phrase in enumerate(cues):
            for pattern, name in _cue_names(number, phrase):
                names.setdefault(pattern, {})[name] = None
        self._names = [tuple(meanings) for meanings in names.values()]
        self._decisions = [_decision(meanings) for meanings in self._names]
        self._automaton = BytesAhoCorasick(list(names), implementation=Implementation.ContiguousNFA)

    def find(self, post: Searchable, category_end: int) -> Found:
        """Every name and cue in `post`, hits inside longer ones left out.

        Category cues are reported up to `category_end` only.
        """
        found = Found([], [], [], [], [], [])
        safe, ambiguous, hiding, _, _, category = found
        text, folded, spelled, origin = post
        decisions = self._decisions
        last_start = last_end = -1
        for pattern, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            role, number, cue, spelling, exact = decisions[pattern]
            if spelling is not None and spelled[start + 1 : end - 1] != spelling:
                continue
            end -= 2
            if cue >= 0 and start <= category_end:
                category.append((start, end, cue))
            if role == SAFE:
                if start > last_start:
                    if end == last_end:
                        continue  # inside the last one
                else:
                    while safe and safe[-1][0] >= start:
                        safe.pop()
                safe.append((start, end, number))
                last_start, last_end = start, end
            elif role == AMBIGUOUS:
                if (text[start:end] if origin is None else post.slice(start, end)) in exact:
                    ambiguous.append((start, end, number))
            elif role == HIDING:
                hiding.append((start, end, number))
            elif role == _SEVERAL:
                _file(self._names[pattern], start, end, post, found, category_end)
                if safe:
                    last_start, last_end, _ = safe[-1]
        return found


def _file(
    meanings: tuple[Name, ...], start: int, end: int, post: Searchable, found: Found, category_end: int
) -> None:
    """Add a hit to the list of each of its meanings that fits."""
    for kind, number, spelling, exact in meanings:
        if spelling is not None and post.spelled[start + 1 : end + 1] != spelling:
            continue
        if exact is not None and post.slice(start, end) not in exact:
            continue
        if kind in _LONGEST_WINS:
            keep_longest(found[kind], start, end, number)
        elif kind != CATEGORY or start <= category_end:
            found[kind].append((start, end, number))


def keep_longest(kept: list[Span], start: int, end: int, number: int) -> None:
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


class _Decision(NamedTuple):
    """All that `find` needs to know of a pattern: what it is, of which skill, and which category cue it is too."""

    role: int
    number: int
    cue: int
    spelled: bytes | None
    exact: frozenset[str]


_NO_SPELLING: Final[frozenset[str]] = frozenset()
_SEVERAL_MEANINGS: Final = _Decision(_SEVERAL, -1, -1, None, _NO_SPELLING)


def _decision(meanings: Iterable[Name]) -> _Decision:
    names = [name for name in meanings if name.list != CATEGORY]
    cues = [name for name in meanings if name.list == CATEGORY]
    if len(names) > 1 or len(cues) > 1 or (names and cues and names[0].spelled != cues[0].spelled):
        return _SEVERAL_MEANINGS
    cue = cues[0].number if cues else -1
    if not names:
        return _Decision(_NONE, -1, cue, cues[0].spelled, _NO_SPELLING)
    name = names[0]
    if (name.list, name.exact is None) not in {(SAFE, True), (AMBIGUOUS, False), (HIDING, True)}:
        return _SEVERAL_MEANINGS
    return _Decision(name.list, name.number, cue, name.spelled, name.exact or _NO_SPELLING)


def _skill_names(number: int, skill: Skill) -> list[tuple[bytes, Name]]:
    entry = skill.entry
    names = [
        (form.pattern, Name(kind, number, form.spelled, None))
        for kind, phrases in ((SAFE, entry.aliases), (HIDING, entry.not_in))
        for phrase in phrases
        for form in forms(phrase)
    ]
    return names + _exact_names(AMBIGUOUS, number, entry.ambiguous)


def _exact_names(kind: int, number: int, spelled: Sequence[str]) -> list[tuple[bytes, Name]]:
    """Names that count in their exact spelling alone, which makes a look at the punctuation unnecessary."""
    exact: dict[bytes, set[str]] = {}
    for name in spelled:
        for form in forms(name):
            exact.setdefault(form.pattern, set()).update(spellings(name))
    return [(pattern, Name(kind, number, None, frozenset(texts))) for pattern, texts in exact.items()]


def _cue_names(number: int, phrase: Phrase) -> list[tuple[bytes, Name]]:
    kind = _LIST_OF[type(phrase.cue)]
    if phrase.exact:
        return _exact_names(kind, number, [phrase.name])
    return [(form.pattern, Name(kind, number, form.spelled, None)) for form in forms(phrase.name)]
