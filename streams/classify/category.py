"""The category of a post: by what the hired person will do. The title weighs most, then the opening."""

from collections.abc import Iterable, Sequence

from streams.classify.categories import CATEGORIES, OTHER
from streams.classify.taxonomy import Skill

TITLE_WEIGHT = 6.0
OPENING_WEIGHT = 2.0
OPENING = 400
REST_WEIGHT = 0.5


class CategoryJudge:
    """Weighs the categories that the skills of a post stand for."""

    def __init__(self, skills: Sequence[Skill]) -> None:
        self._votes = [skill.entry.category for skill in skills]

    def decide(self, spans: Iterable[tuple[int, int]], title_end: int, given: str) -> tuple[str, float, str]:
        """Category, its share of the evidence, and the runner-up, from (start, skill) pairs."""
        scores = {given: OPENING_WEIGHT} if given in CATEGORIES else {}
        for start, skill in spans:
            vote = self._votes[skill]
            if vote:
                opening = OPENING_WEIGHT if start < title_end + OPENING else REST_WEIGHT
                scores[vote] = scores.get(vote, 0.0) + (TITLE_WEIGHT if start < title_end else opening)
        ranked = sorted(scores, key=lambda category: (-scores[category], category))
        if not ranked:
            return OTHER, 0.0, OTHER
        best = ranked[0]
        return best, scores[best] / sum(scores.values()), ranked[1] if len(ranked) > 1 else OTHER
