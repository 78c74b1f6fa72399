"""How well and how fast posts are classified: `python -m benchmarks --only classification`.

Platform tags and categories are hidden from the classifier. What needs a file that is not there is skipped
with the reason.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.classification_speed import speed
from benchmarks.labelled_posts import OWN, SHARED, LabelledPost, read_labelled, read_skillspan
from benchmarks.scoring import BinaryScore, Predicted, SpanScore
from streams.classify import Classified, Classifier, load_classifier

WORST = 50
"""How many of the most frequent misses and false hits are listed."""


def run(quick: bool) -> dict[str, Any]:
    """Print and return every figure; `quick` leaves out the comparison with other packages."""
    classifier = load_classifier()
    figures: dict[str, Any] = {"taxonomy_version": classifier.taxonomy_version}
    figures["real_posts"] = _evaluated(classifier, [SHARED / "labelled_posts.jsonl"])
    figures["own_posts"] = _evaluated(classifier, sorted(OWN.glob("*.jsonl")))
    figures["skillspan_knowledge"] = _skillspan(classifier, SHARED / "skillspan_dev.jsonl")
    figures["speed"] = speed(classifier, quick)
    print("\n".join(_lines(figures)), flush=True)
    return figures


def _evaluated(classifier: Classifier, paths: list[Path]) -> dict[str, Any]:
    missing = [path.name for path in paths if not path.exists()]
    if missing or not paths:
        return {"skipped": f"{', '.join(missing) or 'file'} not found: see SKILLPULSE_EVALUATION_DATA"}
    return evaluate(classifier, [post for path in paths for post in read_labelled(path)])


def evaluate(classifier: Classifier, posts: list[LabelledPost]) -> dict[str, Any]:
    """Skills, category and AI against the labels of `posts`."""
    spans, ai, strict, lenient = SpanScore(), BinaryScore(), 0, 0
    confused: Counter[str] = Counter()
    for post in posts:
        read = classifier.classify(post.title, post.description)
        spans.add(post.text, post.spans, predictions(read))
        ai.add(post.ai, read.ai)
        strict += read.category == post.category
        lenient += read.category == post.category or read.category in post.also
        if read.category != post.category and read.category not in post.also:
            confused[f"{post.category} read as {read.category}"] += 1
    return {
        "posts": len(posts),
        "skills": spans.figures(),
        "category": {"strict": round(strict / len(posts), 4), "lenient": round(lenient / len(posts), 4)},
        "ai": ai.figures(),
        "missed": dict(spans.missed.most_common(WORST)),
        "wrong": dict(spans.wrong.most_common(WORST)),
        "confused": dict(confused.most_common(WORST)),
    }


def predictions(read: Classified) -> list[Predicted]:
    """The skills of a reading, as they are scored."""
    return [Predicted(hit.text, hit.start, hit.end, hit.skill) for hit in read.skills]


def _skillspan(classifier: Classifier, path: Path) -> dict[str, Any]:
    if not path.exists():
        return {"skipped": f"no {path.name} (see SKILLPULSE_EVALUATION_DATA)"}
    score = SpanScore()
    for sentence in read_skillspan(path):
        read = classifier.classify("", sentence.text)
        score.add("\n" + sentence.text, sentence.spans, predictions(read))
    return {"skills": score.figures(), "missed": dict(score.missed.most_common(WORST))}


def _lines(figures: dict[str, Any], indent: str = "") -> Iterable[str]:
    for name, value in figures.items():
        if not isinstance(value, dict):
            yield f"{indent}{name}: {value}"
        elif name in {"missed", "wrong", "confused"}:
            yield f"{indent}{name}: " + ", ".join(f"{text} {count}" for text, count in value.items())
        else:
            yield f"{indent}{name}:"
            yield from _lines(value, indent + "  ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out the comparison with other packages")
    parser.add_argument("--json", action="store_true", help="end in one line of JSON")
    given = parser.parse_args()
    figures = run(given.quick)
    if given.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
