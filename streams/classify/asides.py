"""What a post names without asking for it: negated names, the company's own description, boilerplate."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from streams.classify.cues import AsideCue, Phrase
from streams.classify.matcher import Confirmed, Span
from streams.classify.normalise import Searchable

SIGNATURE: Final = 300
"""Characters. A closing formula further from the end is followed by more of the post, not by a signature."""

HEADING: Final = 40
"""Characters. A line of at most this length that ends without a full stop is a heading."""

SENTENCE: Final = 500
"""Characters to either side in which a sentence's bounds are looked for, so that time stays linear."""

PARAGRAPH: Final = 3_000
"""Characters that a company's description or a list of what is not wanted may have."""

_FAR: Final = 1 << 60
"""An end past that of any text."""

_REACH: Final = 32
"""Characters between a negation and the name that it negates: three words."""

# one set of characters to look for first: several times as fast as alternatives
_SENTENCE_END: Final = re.compile(rb"[.!?\n](?:(?<=\n)|(?=[ \n]))")
_CLAUSE_END: Final = re.compile(rb"[.!?\n;](?:(?<=[\n;])|(?=[ \n]))")
_PEOPLE_END: Final = re.compile(rb"[,:;\n]|[.!?](?=[ \n])| to ")
_BETWEEN_NEXT: Final = re.compile(rb" ?(?:[a-z0-9?']+ ){0,3}")
_BETWEEN_BEFORE: Final = re.compile(rb" (?:[a-z0-9?']+ ){0,4}")
_OR: Final = re.compile(rb" ?, ?| or | nor |, or |  or ")
_AND: Final = re.compile(rb" ?, ?| or | nor | and |, and |, or ")
_WELCOME: Final = re.compile(
    rb"\b(?:plus|bonus|nice|prefer\w*|helpful|advantage|but|although|though|yet|just)\b"
)


_NEGATIONS: Final = frozenset({"not_next", "not_before", "not_list"})


class Asides(NamedTuple):
    """Stretches of one post that ask for nothing, and places where the wanted person or work is named."""

    closed: list[tuple[int, int]]  # ordered, apart from each other
    sought: list[int]
    negations: list[tuple[int, int, str]]

    def holds(self, start: int) -> bool:
        """Whether the character at `start` lies in a closed stretch."""
        before = bisect_right(self.closed, (start, _FAR)) - 1
        return before >= 0 and start < self.closed[before][1]

    def take_from(self, hits: list[Any]) -> None:
        """Remove from `hits` (tuples ordered by their first item, the start) those in closed stretches."""
        for first, last in reversed(self.closed):
            del hits[bisect_left(hits, (first,)) : bisect_left(hits, (last,))]


NO_ASIDES: Final = Asides([], [], [])


def _merged(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same places as ordered stretches that do not touch."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


class AsideJudge:
    """Reads the aside cues of a post."""

    def __init__(self, cues: Sequence[Phrase]) -> None:
        self._scopes = [phrase.cue.scope if isinstance(phrase.cue, AsideCue) else "" for phrase in cues]

    def read(self, post: Searchable, cues: Sequence[Span], title_end: int) -> Asides:
        """The stretches that the cues close. A title always asks, so that only negations count in it."""
        found = [(start, end, self._scopes[number]) for start, end, number in cues]
        sought = [end for _, end, scope in found if scope == "seek"]
        closed = [
            stretch
            for start, end, scope in found
            if start >= title_end and (stretch := _stretch(post.spelled, start, end, scope, sought))
        ]
        negations = [cue for cue in found if cue[2] in _NEGATIONS]
        return Asides(_merged(closed) if closed else closed, sought, negations)


def _stretch(spelled: bytes, start: int, end: int, scope: str, sought: list[int]) -> tuple[int, int] | None:
    if scope == "sentence":
        return _sentence_start(spelled, start), _end(_SENTENCE_END, spelled, end)
    if scope == "onwards":
        last = _end(_SENTENCE_END, spelled, end)
        following = bisect_left(sought, end)
        return start, min(last, sought[following]) if following < len(sought) else last
    if scope == "beside":
        return start, _end(_PEOPLE_END, spelled, end)
    if scope == "not_list":
        return _list_below(spelled, end)
    if scope == "paragraph":
        return _paragraph(spelled, start, end)
    if scope == "signature" and len(spelled) - end <= SIGNATURE and _opens_line(spelled, start):
        return start, len(spelled)
    return None


def _paragraph(spelled: bytes, start: int, end: int) -> tuple[int, int] | None:
    """The paragraph below a heading that the cue opens; None where the cue stands amid a text."""
    if not _opens_line(spelled, start):
        return None
    line_end = _find(spelled, b"\n", end + 1)
    if line_end - start <= HEADING and spelled[end + 1 : end + 2] not in b"abcdefghijklmnopqrstuvwxyz":
        below = line_end
        while spelled[below : below + 1] in {b"\n", b" "}:
            below += 1
        return start, _find(spelled, b"\n\n", below)
    return (start, line_end) if spelled[end + 1 : end + 2] == b":" else None


def _list_below(spelled: bytes, end: int) -> tuple[int, int] | None:
    """What stands after a colon on the same line, or else the lines below it up to an empty one."""
    line_end = _find(spelled, b"\n", end + 1)
    colon = spelled.find(b":", end + 1, min(line_end, end + HEADING))
    if spelled[end + 1 : line_end].strip(b" *#?!.") == b"":
        colon = line_end - 1
    if colon < 0:
        return None
    if spelled[colon + 1 : line_end].strip():
        return end, line_end
    return end, _find(spelled, b"\n\n", line_end + 1)


def _opens_line(spelled: bytes, start: int) -> bool:
    line_start = spelled.rfind(b"\n", 0, start + 1) + 1
    return start + 1 - line_start <= 4


def _find(spelled: bytes, what: bytes, start: int) -> int:
    reach = min(len(spelled), start + PARAGRAPH)
    place = spelled.find(what, start, reach)
    return place if place >= 0 else reach


def sentence_around(spelled: bytes, start: int, end: int) -> tuple[int, int]:
    """Bounds of the sentence around the hit `[start, end)`, also closed by a semicolon."""
    first, last = _sentence_start(spelled, start), min(len(spelled), end + SENTENCE)
    closing = _CLAUSE_END.search(spelled, end + 1, last)
    return max(first, spelled.rfind(b";", first, start + 1)), closing.start() if closing else last


def _sentence_start(spelled: bytes, start: int) -> int:
    reach, upto = max(0, start - SENTENCE), start + 1
    last = spelled.rfind
    return max(
        reach,
        last(b"\n", reach, upto),
        last(b". ", reach, upto),
        last(b"! ", reach, upto),
        last(b"? ", reach, upto),
    )


def _end(closing: re.Pattern[bytes], spelled: bytes, end: int) -> int:
    reach = min(len(spelled), end + SENTENCE)
    found = closing.search(spelled, end + 1, reach)
    return found.start() if found else reach


def negated(post: Searchable, asides: Asides, hits: Sequence[Confirmed]) -> set[int]:
    """Indexes into `hits` (ordered by start) of the names that a negation takes back."""
    dropped: set[int] = set()
    if not asides.negations or not hits:
        return dropped
    starts = [hit[0] for hit in hits]
    for start, end, scope in asides.negations:
        if scope == "not_before":
            dropped |= _before(post.spelled, start, hits, starts)
        else:
            dropped |= _next(post.spelled, end, hits, starts)
    return dropped


def _next(spelled: bytes, at: int, hits: Sequence[Confirmed], starts: list[int]) -> set[int]:
    """The name right after a negation, and those that follow it in an enumeration with `or`."""
    index = bisect_left(starts, at)
    dropped: set[int] = set()
    between = _BETWEEN_NEXT
    while index < len(hits) and hits[index][0] - at <= _REACH:
        if not between.fullmatch(spelled, at + 1, hits[index][0] + 1):
            break
        dropped.add(index)
        at, between = hits[index][1], _OR
        index += 1
    if len(dropped) > 1 and not re.search(rb" n?or ", spelled[hits[min(dropped)][1] : at + 1]):
        return {min(dropped)}
    return dropped


def _before(spelled: bytes, at: int, hits: Sequence[Confirmed], starts: list[int]) -> set[int]:
    """The name right before `is not required`, and those before it in an enumeration."""
    index = bisect_right(starts, at) - 1
    dropped: set[int] = set()
    between = _BETWEEN_BEFORE
    clause = spelled[max(_sentence_start(spelled, at), at - 80) : at + 1]
    if _WELCOME.search(clause):
        return dropped
    while index >= 0 and at - hits[index][1] <= _REACH:
        if not between.fullmatch(spelled, hits[index][1] + 1, at + 1):
            break
        dropped.add(index)
        at, between = hits[index][0], _AND
        index -= 1
    return dropped
