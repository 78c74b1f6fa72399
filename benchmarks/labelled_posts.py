"""Labelled posts to measure against: the repository's own set, and sets that may not be published."""

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

OWN = Path(__file__).parent / "labelled"
"""JSON lines in the repository, written for this purpose: see the README beside them."""

SHARED = Path(os.environ.get("SKILLPULSE_EVALUATION_DATA", Path(__file__).parents[2] / "shared" / "data"))
"""Posts and corpora that are measured against but not published.

SKILLPULSE_EVALUATION_DATA names the folder.
"""


class LabelledPost(NamedTuple):
    """One post with the labels of a reader: `spans` are exact substrings of its text."""

    title: str
    description: str
    category: str
    also: frozenset[str]
    ai: bool
    spans: tuple[str, ...]

    @property
    def text(self) -> str:
        """The text that offsets point into."""
        return f"{self.title}\n{self.description}"


def read_labelled(path: Path) -> list[LabelledPost]:
    """The posts of one file of JSON lines."""
    return [_post(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _post(row: dict[str, Any]) -> LabelledPost:
    return LabelledPost(
        row["title"],
        row["description"],
        row["category"],
        frozenset(row.get("also", ())),
        bool(row["ai"]),
        tuple(row["spans"]),
    )


class Sentence(NamedTuple):
    """A sentence of the SkillSpan corpus with its knowledge spans."""

    text: str
    spans: tuple[str, ...]


def read_skillspan(path: Path) -> list[Sentence]:
    """Sentences with their hard skills (`tags_knowledge`, BIO), tokens joined by spaces."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [Sentence(" ".join(row["tokens"]), _spans(row["tokens"], row["tags_knowledge"])) for row in rows]


def _spans(tokens: list[str], tags: list[str]) -> tuple[str, ...]:
    spans: list[list[str]] = []
    for token, tag in zip(tokens, tags, strict=True):
        if tag == "B":
            spans.append([token])
        elif tag == "I" and spans:
            spans[-1].append(token)
    return tuple(" ".join(span) for span in spans)
