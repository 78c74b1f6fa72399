"""One post in, its skills, category and AI flag out. Pure and deterministic."""

from collections.abc import Sequence
from pathlib import Path

from streams.classify import classified
from streams.classify.category import CategoryJudge
from streams.classify.classified import Classified, Hit
from streams.classify.evidence import Evidence
from streams.classify.forms import forms
from streams.classify.matcher import Matcher
from streams.classify.normalise import searchable
from streams.classify.taxonomy import FOLDER, Skill, read_taxonomy
from streams.classify.version import taxonomy_version


class Classifier:
    """Reads posts by `skills`; `taxonomy_version` names these skills together with the rules that decide."""

    def __init__(self, skills: Sequence[Skill], taxonomy_version: str) -> None:
        self.skills = tuple(skills)
        self.taxonomy_version = taxonomy_version
        self._matcher = Matcher(skills)
        self._evidence = Evidence(skills)
        self._category = CategoryJudge(skills)
        self._by_tag = _tag_names(skills)

    def classify(
        self, title: str, description: str, tags: Sequence[str] = (), category: str = ""
    ) -> Classified:
        """What the post asks for.

        `tags` and `category` are the platform's own labels: evidence, not truth.
        """
        post = searchable(title + "\n" + description)
        tagged = {self._by_tag[name]: tag for tag in tags if (name := _tag_form(tag)) in self._by_tag}
        first: dict[int, Hit] = {}
        for start, end, skill, rule in self._evidence.confirm(
            self._matcher.find(post), post.folded, tagged.keys()
        ):
            if skill not in first:
                start, end = post.place(start, end)
                first[skill] = Hit(self.skills[skill].slug, post.text[start:end], start, end, rule)
        best, score, runner_up = self._category.decide(
            [(hit.start, skill) for skill, hit in first.items()], len(title), category
        )
        for skill, tag in tagged.items():
            if skill not in first:
                first[skill] = Hit(self.skills[skill].slug, tag, -1, -1, classified.TAG)
        ai = tuple(hit for skill, hit in first.items() if self.skills[skill].entry.ai)
        return Classified(tuple(first.values()), best, score, runner_up, bool(ai), ai)


def _tag_form(tag: str) -> bytes:
    return searchable(tag).spelled.strip()


def _tag_names(skills: Sequence[Skill]) -> dict[bytes, int]:
    """Every form of a tag that means a skill.

    Its tags first, then its aliases, its name, its ambiguous names.
    """
    found: dict[bytes, int] = {}
    for names in ("tags", "aliases", "name", "ambiguous"):
        for number, skill in enumerate(skills):
            given = getattr(skill.entry, names)
            for name in (given,) if isinstance(given, str) else given:
                for form in forms(name):
                    found.setdefault(form.spelled or form.pattern.strip(), number)
    return found


def load_classifier(folder: Path | None = None) -> Classifier:
    """The classifier over the taxonomy in `folder`, the packaged one by default. Raises TaxonomyError."""
    folder = folder or FOLDER
    return Classifier(read_taxonomy(folder), taxonomy_version(folder))
