"""What posts ask for and the taxonomy does not know: unknown platform tags, and frequent unknown noun phrases.

A phrase is worth a look where posts ask for it ("experience with ...", a list behind "Skills:") or write it as a
name, with capitals amid a sentence. It counts once a post, and not where a known skill covers it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from streams.classify.classifier import Classifier

_ASKED: Final = re.compile(
    r"(?:experienced?|skilled|proficien\w+|expertise|expert|knowledge|familiar\w*|background|fluent|fluency)"
    r" (?:with|in|of|using|at) ([^.;:!?\n()]{3,80})|(?:skills|tools|stack|software|requirements): ([^.\n]{3,160})",
    re.IGNORECASE,
)
_ITEM: Final = re.compile(r",|/|&|\||•| (?:and|or|such as|like|including|is|are|for|to|on|that|which) ")
_NAME: Final = re.compile(r"(?<=[a-z,] )[A-Z][\w+#.]*(?: [A-Z][\w+#.]*){0,2}(?![\w.]*\w)")
_LEADING: Final = re.compile(
    r"^(?:(?:a|an|the|our|your|their|some|strong|good|excellent|proven|relevant|various|other|etc|both|all|any"
    r"|similar|advanced|basic|solid|deep|hands-on|one|more|using|working|with|in|of|to|least|at) )+",
    re.IGNORECASE,
)
# words that name nothing, also in the capitals of a heading
# fmt: off
_EMPTY: Final = frozenset((
    "i", "you", "he", "she", "it", "we", "they", "this", "that", "these", "those", "and", "or", "if",
    "please", "thanks", "thank", "hi", "hello", "etc", "more", "other", "a", "an", "the", "monday",
    "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march",
    "april", "may", "june", "july", "august", "september", "october", "november", "december", "usa", "us",
    "uk", "eu", "europe", "asia", "india", "est", "pst", "cet", "gmt", "upwork", "responsibilities",
    "skills", "description", "qualifications", "analyst", "analysis", "developer", "overview", "tools",
    "apply", "data", "expert", "designing", "development", "reports", "management", "details",
    "requirements", "needed", "specialist", "experience", "title", "technologies", "techniques", "project",
    "business", "documentation", "summary", "part", "information", "support", "plus", "asap", "our", "ability",
    "required", "services", "name", "questions",
))
# fmt: on

LONGEST: Final = 4
"""Words; longer phrases are sentences."""


class Gaps:
    """Counts, over posts, what `classifier` does not know."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier
        self.posts = 0
        self.without_skills = 0
        self.tags: Counter[str] = Counter()
        self.phrases: Counter[str] = Counter()

    def add(self, title: str, description: str, tags: Sequence[str] = ()) -> None:
        """Count one post."""
        self.posts += 1
        hits = self._classifier.classify(title, description).skills
        self.without_skills += not hits
        self.tags.update({tag for tag in tags if not self._known(tag)})
        text = f"{title}\n{description}"
        spans = [(hit.start, hit.end) for hit in hits]
        found = {phrase.lower() for phrase, start, end in _phrases(text) if not _covered(start, end, spans)}
        self.phrases.update(phrase for phrase in found if not self._known(phrase))

    def _known(self, name: str) -> bool:
        """Whether a tag of this name, or a text that is nothing but the name, is a known skill."""
        return bool(
            self._classifier.classify("", "", (name,)).skills or self._classifier.classify("", name).skills
        )


def _covered(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(first < end and start < last for first, last in spans)


def _phrases(text: str) -> Iterator[tuple[str, int, int]]:
    """Candidates with their places."""
    for asked in _ASKED.finditer(text):
        group = 1 if asked[1] else 2
        at = asked.start(group)
        for item in _ITEM.split(asked[group]):
            place = text.find(item, at)
            at = place + len(item)
            yield from _candidate(_LEADING.sub("", item.strip()), place, at)
    for name in _NAME.finditer(text):
        yield from _candidate(name[0].rstrip("."), name.start(), name.end())


def _candidate(phrase: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    words = phrase.lower().split()
    if 0 < len(words) <= LONGEST and len(phrase) > 1 and words[0] not in _EMPTY and words[-1] not in _EMPTY:
        yield phrase, start, end
