"""Languages that stand by themselves or in a list of languages: "Dutch.", "German or Italian useful", "(French)".

A language's name is otherwise a nationality or a market ("a German account", "Italian restaurants"), which has its
noun behind it.
"""

import re
from collections.abc import Sequence
from typing import Final

from streams.classify.normalise import spelled_form
from streams.classify.taxonomy import Skill

_LONGEST: Final = 12
"""Languages that a list may have, so that time stays linear."""

_REACH: Final = 16
"""Characters before a name in which what opens the list must stand: the longest other language and its comma."""

# what may stand between two languages of a list; hyphens and slashes are spaces here
_JOINT: Final = rb"(?: ?[,&+<>?]+ ?(?:(?:or|and) )?| (?:(?:or|and|to|into|o|y|oder|und|ou|et) )?)"
_OPENING: Final = rb"(?:[.,;:!?\n(|+*>)] *|\b(?:in|also|with|plus|speak|speaks|speaking|know|knows) |^ )"
_CLOSING: Final = (
    rb" ?(?:[.;:!)\n]|$|(?:is|are|would|useful|helpful|welcome|a plus|plus|preferred|required|needed|desirable"
    rb"|native|natively|optional|too|only)\b)"
)


class Languages:
    """Tells the names of languages that are meant as such, among `skills`."""

    def __init__(self, skills: Sequence[Skill]) -> None:
        spoken = [skill.entry for skill in skills if skill.entry.kind == "language"]
        names = {spelled_form(name) for entry in spoken for name in (*entry.ambiguous, *entry.aliases)}
        names = {name for name in names if b" " not in name}
        any_language = b"(?:" + b"|".join(sorted(map(re.escape, names), reverse=True)) + b")"
        self._followed = re.compile(
            any_language + b"(?:%b%b){0,%d}" % (_JOINT, any_language, _LONGEST - 1) + _CLOSING
        )
        self._opened = re.compile(b"(?:" + _OPENING + b"|" + any_language + _JOINT + b")$")

    def listed(self, spelled: bytes, start: int) -> bool:
        """Whether the language at `start` stands by itself or in a list of them."""
        return bool(
            self._followed.match(spelled, start + 1)
            and self._opened.search(spelled, max(0, start - _REACH), start + 1)
        )
