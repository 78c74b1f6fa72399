"""All names of the taxonomy, and all cues, found in one pass over a text.

The automaton reports every pattern, also those inside longer ones. Of safe names the longest wins: a hit
inside another hit is dropped, hits that merely overlap both stand. So do cues, each kind for itself.
Ambiguous names are kept apart for `evidence`.
"""

from collections.abc import Sequence
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from streams.classify.cues import AICue, AsideCue, CategoryCue, Phrase
from streams.classify.forms import forms, spellings
from streams.classify.normalise import Searchable
from streams.classify.taxonomy import Skill

Span = tuple[int, int, int]
"""Start and end, in bytes of the searchable forms without their first space, and a number.

Of a skill or a cue.
"""

SAFE, AMBIGUOUS, HIDING, CATEGORY, ASIDE, AI, SEVERAL = range(7)
"""The lists of `Found`, by which a name's meaning is filed; SEVERAL stands for more than one."""

_LONGEST_WINS = frozenset({SAFE, CATEGORY, ASIDE, AI})


_LIST_OF = {CategoryCue: CATEGORY, AsideCue: ASIDE, AICue: AI}


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
    category: list[Span]
    aside: list[Span]
    ai: list[Span]


class Matcher:
    """The automaton over the names of `skills` and over `cues`; spans carry indexes into the two."""

    def __init__(self, skills: Sequence[Skill], cues: Sequence[Phrase]) -> None:
        names: dict[bytes, dict[Name, None]] = {}
        for number, skill in enumerate(skills):
            for pattern, name in _skill_names(number, skill):
                names.setdefault(pattern, {})[name] = None
        for number, phrase in enumerate(cues):
            for pattern, name in _cue_names(number, phrase):
                names.setdefault(pattern, {})[name] = None
        self._names = [tuple(meanings) for meanings in names.values()]
        self._only = [_only(meanings) for meanings in self._names]
        self._automaton = BytesAhoCorasick(list(names), implementation=Implementation.ContiguousNFA)

    def find(self, post: Searchable, category_end: int) -> Found:
        """Every name and cue in `post`, hits inside longer ones left out.

        Category cues are reported up to `category_end` only.
        """
        found = Found([], [], [], [], [], [])
        safe, only, names, spelled = found.safe, self._only, self._names, post.spelled
        for pattern, start, end in self._automaton.find_matches_as_indexes(post.folded, overlapping=True):
            end -= 2
            kind, number, spelling = only[pattern]
            if kind == CATEGORY and start > category_end:
                continue
            if spelling is not None and spelled[start + 1 : end + 1] != spelling:
                continue
            if kind == SAFE:
                while safe and safe[-1][0] >= start and (safe[-1][0] > start or safe[-1][1] < end):
                    safe.pop()
                if not safe or safe[-1][1] != end or safe[-1][0] >= start:
                    safe.append((start, end, number))
            elif kind != SEVERAL:
                keep_longest(found[kind], start, end, number)
            else:
                _file(names[pattern], start, end, post, found)
        return found


def _file(meanings: tuple[Name, ...], start: int, end: int, post: Searchable, found: Found) -> None:
    """Add a hit to the list of each of its meanings that fits."""
    for kind, number, spelling, exact in meanings:
        if spelling is not None and post.spelled[start + 1 : end + 1] != spelling:
            continue
        if exact is not None:
            first, last = post.place(start, end)
            if post.text[first:last] not in exact:
                continue
        if kind in _LONGEST_WINS:
            keep_longest(found[kind], start, end, number)
        else:
            found[kind].append((start, end, number))


def keep_longest(kept: list[Span], start: int, end: int, number: int) -> None:
    """Add a hit, or not, so that none lies inside another. Hits must come ordered by their end."""
    while kept and kept[-1][0] >= start and (kept[-1][0] > start or kept[-1][1] < end):
        kept.pop()
    if kept and kept[-1][1] == end and kept[-1][0] < start:
        return
    kept.append((start, end, number))


def _only(meanings: tuple[Name, ...]) -> tuple[int, int, bytes | None]:
    """List, number and spelling of a pattern with a single meaning in any case; else SEVERAL."""
    name = meanings[0]
    if len(meanings) == 1 and name.exact is None and name.list in _LONGEST_WINS:
        return name.list, name.number, name.spelled
    return SEVERAL, -1, None


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
