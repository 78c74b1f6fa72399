"""The taxonomy as rows of the dimension tables. Pure."""

from sinks.clickhouse.installation import CategoryDimension, SkillDimension
from streams.classify import Classifier
from streams.classify.categories import CATEGORIES


def skill_dimensions(classifier: Classifier) -> list[SkillDimension]:
    """The skills of a classifier."""
    return [SkillDimension(s.slug, s.entry.name, s.entry.kind, s.group) for s in classifier.skills]


def category_dimensions() -> list[CategoryDimension]:
    """The fixed categories."""
    return [CategoryDimension(*category) for category in CATEGORIES.values()]
