"""How far two readings of the same posts agree: `python -m benchmarks.labelled.agreement`.

The second reading is scored against the first by the rule of `benchmarks.scoring`, the same that scores a
classifier: what two readings do not agree on, no classifier can be asked for. Category and AI come with
Cohen's kappa too, the agreement beyond what chance would give.
"""

import json
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.scoring import Predicted, SpanScore

HERE = Path(__file__).parent
POSTS = HERE / "posts.jsonl"
FIRST = HERE / "passes" / "first.jsonl"
SECOND = HERE / "passes" / "second.jsonl"


class Reading(NamedTuple):
    """One reader's labels of one post; `spans` are exact substrings of its text."""

    category: str
    also: frozenset[str]
    ai: bool
    spans: tuple[str, ...]


def main() -> None:
    """Print the agreement of the two passes kept beside this file."""
    figures = agreement(_texts(POSTS), _readings(FIRST), _readings(SECOND))
    print(json.dumps(figures, indent=2))


def agreement(
    texts: Mapping[str, str], first: Mapping[str, Reading], second: Mapping[str, Reading]
) -> dict[str, object]:
    """Agreement on the posts that both passes read, by post id.

    Category: `strict` where both chose the same, `lenient` where the choice of either is the other's choice
    or among what the other accepts. Spans: the second pass scored against the first.
    """
    both = [(texts[post], first[post], second[post]) for post in sorted(first.keys() & second.keys())]
    spans = SpanScore()
    for text, one, two in both:
        spans.add(text, one.spans, [_placed(text, span) for span in two.spans])
    categories = [(one.category, two.category) for _, one, two in both]
    return {
        "posts": len(both),
        "category": {
            "strict": _agreed(categories),
            "lenient": round(sum(_accepted(one, two) for _, one, two in both) / len(both), 4),
            "kappa": cohen_kappa(categories),
        },
        "ai": _yes_no([(one.ai, two.ai) for _, one, two in both]),
        "spans": spans.figures(),
    }


def cohen_kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Cohen's kappa of paired judgements: (observed - expected) / (1 - expected) agreement.

    1 where both gave one and the same answer throughout, so that chance alone would always agree.
    Source: J. Cohen, "A coefficient of agreement for nominal scales", 1960.
    """
    total = len(pairs)
    observed = sum(one == two for one, two in pairs) / total
    ones, twos = Counter(one for one, _ in pairs), Counter(two for _, two in pairs)
    expected = sum(ones[answer] * twos[answer] for answer in ones) / total**2
    return 1.0 if expected == 1 else round((observed - expected) / (1 - expected), 4)


def _yes_no(pairs: Sequence[tuple[bool, bool]]) -> dict[str, float]:
    return {"agreed": _agreed(pairs), "kappa": cohen_kappa(pairs)}


def _agreed(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    return round(sum(one == two for one, two in pairs) / len(pairs), 4)


def _accepted(one: Reading, two: Reading) -> bool:
    return one.category in {two.category} | two.also or two.category in {one.category} | one.also


def _placed(text: str, span: str) -> Predicted:
    start = text.index(span)
    return Predicted(span, start, start + len(span), span)


def _texts(path: Path) -> dict[str, str]:
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {row["post_id"]: f"{row['title']}\n{row['description']}" for row in rows}


def _readings(path: Path) -> dict[str, Reading]:
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {
        row["post_id"]: Reading(row["category"], frozenset(row["also"]), row["ai"], tuple(row["spans"]))
        for row in rows
    }


if __name__ == "__main__":
    main()
