"""How extraction is scored against labelled posts: the definition behind every figure on classification.

A predicted skill comes with the text that it matched. It is right if that text overlaps a labelled span of
the same post with at least half of the longer one's characters, or equals it after lower-casing. A labelled
span is found if a prediction is right by it. Precision, recall and F1 are micro: over all posts together.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Predicted(NamedTuple):
    """One predicted skill: the matched text, its place (-1 where it has none) and the skill's name."""

    text: str
    start: int
    end: int
    skill: str


@dataclass
class SpanScore:
    """Counts over posts, and which texts were missed or wrongly reported."""

    predicted: int = 0
    right: int = 0
    labelled: int = 0
    found: int = 0
    missed: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    def add(self, text: str, spans: Sequence[str], predictions: Sequence[Predicted]) -> None:
        """Count one post: its text, the labelled spans in it, the predictions for it."""
        low = text.lower()
        places = {span: list(_places(low, span.lower())) for span in dict.fromkeys(spans)}
        covered: set[str] = set()
        for prediction in predictions:
            fitting = {span for span, where in places.items() if _fits(prediction, span, where)}
            covered |= fitting
            if not fitting:
                self.wrong[f"{prediction.text.lower()} [{prediction.skill}]"] += 1
            self.right += bool(fitting)
        self.predicted += len(predictions)
        self.labelled += len(places)
        self.found += len(covered)
        self.missed.update(span.lower() for span in places.keys() - covered)

    def figures(self) -> dict[str, float]:
        """Precision, recall, F1 and the counts behind them."""
        precision = self.right / self.predicted if self.predicted else 0.0
        recall = self.found / self.labelled if self.labelled else 0.0
        total = precision + recall
        return {
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(2 * precision * recall / total, 4) if total else 0.0,
            "predicted": self.predicted,
            "labelled": self.labelled,
        }


def _places(text: str, span: str) -> Iterable[tuple[int, int]]:
    at = text.find(span)
    while at >= 0:
        yield at, at + len(span)
        at = text.find(span, at + 1)


def _fits(prediction: Predicted, span: str, places: Sequence[tuple[int, int]]) -> bool:
    if prediction.text.lower() == span.lower():
        return True
    longer = max(len(prediction.text), len(span))
    return any(
        2 * (min(end, prediction.end) - max(start, prediction.start)) >= longer for start, end in places
    )


@dataclass
class BinaryScore:
    """A yes/no judgement over posts."""

    right_yes: int = 0
    wrong_yes: int = 0
    missed_yes: int = 0

    def add(self, truth: bool, predicted: bool) -> None:
        """Count one post."""
        self.right_yes += truth and predicted
        self.wrong_yes += predicted and not truth
        self.missed_yes += truth and not predicted

    def figures(self) -> dict[str, float]:
        """Precision and recall, 1 where there was nothing to judge."""
        said, true = self.right_yes + self.wrong_yes, self.right_yes + self.missed_yes
        return {
            "precision": round(self.right_yes / said, 4) if said else 1.0,
            "recall": round(self.right_yes / true, 4) if true else 1.0,
            "positives": true,
        }
