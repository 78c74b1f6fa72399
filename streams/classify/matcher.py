"""All names of the taxonomy, and all cues, found in one pass over a text.

The automaton reports every pattern, also those inside longer ones. Of safe names the longest wins: a hit
inside another hit is dropped, hits that merely overlap both stand. So do cues, each kind for itself.
Ambiguous names are kept apart for `evidence`.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from streams.classify.cues import AsideCue, CategoryCue, Phrase
from streams.classify.forms import forms, spellings
from streams.classify.normalise import Searchable
from streams.classify.taxonomy import Skill

Span = tuple[int, int, int]
"""Start and end, in bytes of the searchable forms without their first space, and a number.

Of a skill or a cue.
"""

SAFE, AMBIGUOUS, HIDING, ASIDE, AI = range(5)
"""The lists of `Found` by which a name's meaning is filed."""

_LONGEST_WINS = frozenset({SAFE, ASIDE, AI})

_NONE, _SEVERAL = -1, 5
_NO_CUE: Final = (-1, None)
_NO_SPELLING: Final[frozenset[str]] = frozenset()


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

    A pattern that is nothing but one safe or one ambiguous name is decided in the loop of `find`: most are.
    """

    def __init__(self, skills: Sequence[Skill], cues: Sequence[Phrase]) -> None:
        names: dict[bytes, dict[Name, None]] = {}
        categories: dict[bytes, tuple[int, bytes | None]] = {}
        for number, skill in enumerate(skills):
            for pattern, name in _skill_names(number, skill):
                names.setdefault(pattern, {})[name] = None
        for number, phrase in enumerate(cues):
            if isinstance(phrase.cue, CategoryCue):
                categories |= {form.pattern: (number, form.spelled) for form in forms(phrase.name)}
            else:
                for pattern, name in _cue_names(number, phrase):
                    names.setdefault(pattern, {})[name] = None
        patterns = list({**names, **categories})
        self._names = [tuple(names.get(pattern, ())) for pattern in patterns]
        self._role = [_role(meanings) for meanings in self._names]
        self._number = [meanings[0].number if meanings else -1 for meanings in self._names]
        self._spelled = [meanings[0].spelled if meanings else None for meanings in self._names]
        self._exact = [
            meanings[0].exact or _NO_SPELLING if meanings else _NO_SPELLING for meanings in self._names
        ]
        self._cue = [categories.get(pattern, _NO_CUE)[0] for pattern in patterns]
        self._cue_spelled = [categories.get(pattern, _NO_CUE)[1] for pattern in patterns]
        self._automaton = BytesAhoCorasick(patterns, implementation=Implementation.ContiguousNFA)

    def find(self, post: Searchable, category_end: int) -> Found:
        """Every name and cue in `post`, hits inside longer ones left out.

        Category cues are reported up to `category_end` only.
        """
        found = Found([], [], [], [], [], [])
        safe, spelled, text = found.safe, post.spelled, post.text
        roles, cues, numbers, spellings_of = self._role, self._cue, self._number, self._spelled
        last_start = last_end = -1
        for pattern, start, end in self._automaton.find_matches_as_indexes(post.folded, overlapping=True):
            if start <= category_end:
                cue = cues[pattern]
                if cue >= 0:
                    spelling = self._cue_spelled[pattern]
                    if spelling is None or spelled[start + 1 : end - 1] == spelling:
                        keep_longest(found.category, start, end - 2, cue)
            role = roles[pattern]
            if role == SAFE:
                spelling = spellings_of[pattern]
                if spelling is not None and spelled[start + 1 : end - 1] != spelling:
                    continue
                end -= 2
                if start > last_start:
                    if end == last_end:
                        continue  # inside the last one
                else:
                    while safe and safe[-1][0] >= start:
                        safe.pop()
                safe.append((start, end, numbers[pattern]))
                last_start, last_end = start, end
            elif role == AMBIGUOUS and post.origin is None:
                if text[start : end - 2] in self._exact[pattern]:
                    found.ambiguous.append((start, end - 2, numbers[pattern]))
            elif role >= 0:
                _file(self._names[pattern], start, end - 2, post, found)
                if safe:
                    last_start, last_end, _ = safe[-1]
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
    if kept:
        last_start, last_end, _ = kept[-1]
        if start > last_start:
            if end == last_end:
                return
        else:
            while kept and kept[-1][0] >= start and (kept[-1][0] > start or kept[-1][1] < end):
                kept.pop()
    kept.append((start, end, number))


def _role(meanings: tuple[Name, ...]) -> int:
    """SAFE or AMBIGUOUS for a pattern that is that for one skill and nothing else, _SEVERAL or _NONE otherwise."""
    if not meanings:
        return _NONE
    name = meanings[0]
    simple = len(meanings) == 1 and (name.list, name.exact is None) in {(SAFE, True), (AMBIGUOUS, False)}
    return name.list if simple else _SEVERAL


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
    kind = ASIDE if isinstance(phrase.cue, AsideCue) else AI
    if phrase.exact:
        return _exact_names(kind, number, [phrase.name])
    return [(form.pattern, Name(kind, number, form.spelled, None)) for form in forms(phrase.name)]
