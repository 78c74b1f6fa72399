"""Packages that people use to find skills in texts: they find names and nothing else.

    .venv-bench/bin/python -m benchmarks.peers.name_finders flashtext < texts.json

Reads sets of texts as one JSON object and prints another, with texts per second. They get the names (safe
aliases) that the classifier knows.
"""

import json
import sys
from collections.abc import Callable
from importlib import resources

from benchmarks.classification_speed import rates_of
from streams.classify import Classifier, load_classifier
from streams.classify.forms import spellings


def names_of(classifier: Classifier) -> list[str]:
    """Every safe name of every skill, in all its spellings."""
    return sorted(
        {name for skill in classifier.skills for alias in skill.entry.aliases for name in spellings(alias)}
    )


def _flashtext(names: list[str]) -> Callable[[str], object]:
    from flashtext import KeywordProcessor

    processor = KeywordProcessor()
    processor.add_keywords_from_list(names)
    return lambda text: processor.extract_keywords(text, span_info=True)


def _spacy(names: list[str]) -> Callable[[str], object]:
    import spacy
    from spacy.matcher import PhraseMatcher

    language = spacy.blank("en")
    matcher = PhraseMatcher(language.vocab, attr="LOWER")
    matcher.add("skill", list(language.tokenizer.pipe(names)))
    return lambda text: matcher(language.make_doc(text))


def _skill_extractor(_: list[str]) -> Callable[[str], object]:
    """The package's own 32,000 names; its second stage needs a model from the network and is left out."""
    from skill_extractor import KeywordMatcher

    own = json.loads((resources.files("skill_extractor") / "data" / "skills.json").read_text())
    matcher: Callable[[str], object] = KeywordMatcher(own).extract
    return matcher


FINDERS: dict[str, Callable[[list[str]], Callable[[str], object]]] = {
    "flashtext": _flashtext,
    "spaCy PhraseMatcher": _spacy,
    "skill-extractor (names only)": _skill_extractor,
}
"""Contenders by name."""


if __name__ == "__main__":
    find = FINDERS[sys.argv[1]](names_of(load_classifier()))
    print(json.dumps(rates_of(find, json.load(sys.stdin))))
