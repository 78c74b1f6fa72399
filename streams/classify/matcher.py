"""All names of the taxonomy found in one pass over a text.

The automaton reports every pattern, also those inside longer ones. Of safe names the longest wins: a hit
inside another hit is dropped, hits that merely overlap both stand. Ambiguous names are kept apart for
`evidence`.
"""

from collections.abc import Sequence
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from streams.classify.forms import forms, spellings
from streams.classify.normalise import Searchable
from streams.classify.taxonomy import Skill

Span = tuple[int, int, int]
"""Start and end, in bytes of the searchable forms without their first space, and the number of the skill."""


class Name(NamedTuple):
    """What a pattern means for one skill."""

    skill: int
    spelled: bytes | None  # the punctuation that must stand there, None where any will do
    exact: frozenset[str] | None  # the spellings that an ambiguous name may have, None for a safe one
    hides: bool  # a longer phrase that hides the skill's names


class Found(NamedTuple):
    """Hits of one text.

    Safe names ordered by place, ambiguous names with the right spelling, hiding phrases.
    """

    safe: list[Span]
    ambiguous: list[Span]
    hidden: list[Span]


class Matcher:
    """The automaton over all names of `skills`; a span's third number is the index into `skills`."""

    def __init__(self, skills: Sequence[Skill]) -> None:
        names: dict[bytes, list[Name]] = {}
        for number, skill in enumerate(skills):
            for pattern, name in _names(number, skill):
                names.setdefault(pattern, []).append(name)
        self._names = [tuple(meanings) for meanings in names.values()]
        self._plain = [_plain(meanings) for meanings in self._names]
        self._automaton = BytesAhoCorasick(list(names), implementation=Implementation.ContiguousNFA)

    def find(self, post: Searchable) -> Found:
        """Every name in `post`, hits inside longer safe hits left out."""
        safe: list[Span] = []
        ambiguous: list[Span] = []
        hidden: list[Span] = []
        plain, spelled = self._plain, post.spelled
        for number, start, end in self._automaton.find_matches_as_indexes(post.folded, overlapping=True):
            end -= 2
            skill = plain[number]
            if skill >= 0:
                _keep_longest(safe, start, end, skill)
                continue
            for name in self._names[number]:
                if name.spelled is not None and spelled[start + 1 : end + 1] != name.spelled:
                    continue
                if name.hides:
                    hidden.append((start, end, name.skill))
                elif name.exact is None:
                    _keep_longest(safe, start, end, name.skill)
                else:
                    first, last = post.place(start, end)
                    if post.text[first:last] in name.exact:
                        ambiguous.append((start, end, name.skill))
        return Found(safe, ambiguous, hidden)


def _keep_longest(safe: list[Span], start: int, end: int, skill: int) -> None:
    """Add a hit.

    Hits come ordered by end, so that only the last ones can lie inside it, or it inside the last.
    """
    while safe and safe[-1][0] >= start and (safe[-1][0] > start or safe[-1][1] < end):
        safe.pop()
    if safe and safe[-1][1] == end and safe[-1][0] < start:
        return
    safe.append((start, end, skill))


def _plain(meanings: tuple[Name, ...]) -> int:
    """The skill of a pattern that needs no further look, or -1."""
    only = meanings[0]
    simple = len(meanings) == 1 and only.spelled is None and only.exact is None and not only.hides
    return only.skill if simple else -1


def _names(number: int, skill: Skill) -> list[tuple[bytes, Name]]:
    entry = skill.entry
    found = [(form, None, False) for alias in entry.aliases for form in forms(alias)]
    found += [(form, None, True) for phrase in entry.not_in for form in forms(phrase)]
    exact: dict[bytes, set[str]] = {}
    shapes = {}
    for name in entry.ambiguous:
        for form in forms(name):
            exact.setdefault(form.pattern, set()).update(spellings(name))
            shapes[form.pattern] = form
    names = [(form.pattern, Name(number, form.spelled, spelling, hides)) for form, spelling, hides in found]
    # the exact spelling is compared anyway
    names += [(pattern, Name(number, None, frozenset(exact[pattern]), False)) for pattern in shapes]
    return list(dict.fromkeys(names))
