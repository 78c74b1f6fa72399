"""What the classifier says about one post, with the evidence for each statement."""

from typing import Final

import msgspec

ALIAS: Final = "alias"
EXACT: Final = "exact"
CONTEXT: Final = "context"
NEIGHBOUR: Final = "neighbour"
TAG: Final = "tag"
CUE: Final = "cue"

RULES: Final = {
    ALIAS: "A name that is safe in any job post.",
    EXACT: "An ambiguous name whose exact spelling is evidence enough.",
    CONTEXT: "An ambiguous name with one of its context words nearby.",
    NEIGHBOUR: "An ambiguous name beside another confirmed skill.",
    TAG: "A tag of the platform.",
    CUE: "A phrase that says that the work involves AI (in AI evidence only).",
}
"""Every rule that lets a hit through, with its meaning."""


class Hit(msgspec.Struct, frozen=True, gc=False):
    r"""One skill asked for, and where the post says so.

    `start` and `end` are offsets in characters into `title + "\n" + description`, so that the slice between
    them is `text`; both are -1 where a platform tag is the evidence. `rule` is one of RULES.
    """

    skill: str
    text: str
    start: int
    end: int
    rule: str


class Classified(msgspec.Struct, frozen=True, gc=False):
    """One post read: each skill once, ordered by first place in the text, tags last; categories as slugs."""

    skills: tuple[Hit, ...]
    category: str
    category_score: float
    runner_up: str
    ai: bool
    ai_evidence: tuple[Hit, ...]
