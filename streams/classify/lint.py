"""What is wrong with a taxonomy, as sentences for the person who edits it.

Reading it has checked types already.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from streams.classify.classifier import Classifier
from streams.classify.forms import forms, spellings
from streams.classify.taxonomy import Skill

_JOINT: Final = re.compile(r" and | or | & |, ?| ?/ ?", re.IGNORECASE)


def problems(classifier: Classifier) -> list[str]:
    """One line for each fault of the classifier's taxonomy, with file and entry; empty where all is well."""
    skills = classifier.skills
    return [
        *_empty_names(skills),
        *_shared_aliases(skills),
        *_unsafe_aliases(skills),
        *_joined_aliases(skills),
        *_hidden_everywhere(skills),
        *_bare_ambiguity(skills),
        *_examples(classifier),
    ]


def _where(skill: Skill) -> str:
    return f"{skill.file}: [{skill.slug}]"


def _empty_names(skills: Sequence[Skill]) -> Iterator[str]:
    for skill in skills:
        entry = skill.entry
        for name in (*entry.aliases, *entry.ambiguous, *entry.needs_any, *entry.not_in):
            if not forms(name):
                yield f"{_where(skill)}: {name!r} has no letter or digit of the Latin alphabet"


def _shared_aliases(skills: Sequence[Skill]) -> Iterator[str]:
    owner: dict[bytes, Skill] = {}
    for skill in skills:
        own = {
            form.spelled or form.pattern.strip(): alias
            for alias in skill.entry.aliases
            for form in forms(alias)
        }
        for form, alias in own.items():
            first = owner.setdefault(form, skill)
            if first is not skill:
                yield f"{_where(skill)}: alias {alias!r} is also an alias of [{first.slug}] in {first.file}"


def _unsafe_aliases(skills: Sequence[Skill]) -> Iterator[str]:
    """An alias counts anywhere; a name that another skill calls ambiguous cannot be one."""
    ambiguous = {name.lower(): skill for skill in skills for name in skill.entry.ambiguous}
    for skill in skills:
        for alias in skill.entry.aliases:
            other = ambiguous.get(alias.lower())
            if other is not None and other is not skill:
                yield f"{_where(skill)}: alias {alias!r} is ambiguous in [{other.slug}] of {other.file}"


def _joined_aliases(skills: Sequence[Skill]) -> Iterator[str]:
    """The longest name wins, so that "revit and autocad" as an alias of the one hides the other."""
    owner = {
        _plain(name): skill for skill in skills for alias in skill.entry.aliases for name in spellings(alias)
    }
    for skill in skills:
        for alias in skill.entry.aliases:
            owners = [owner.get(_plain(part)) for part in _JOINT.split(alias)]
            others = {other.slug: other for other in owners if other is not None and other is not skill}
            if (
                skill in owners
                and None not in owners
                and any(alias not in x.entry.not_in for x in others.values())
            ):
                yield f"{_where(skill)}: alias {alias!r} hides [{', '.join(others)}]: it names both without it"


def _plain(name: str) -> str:
    return name.lower().replace("-", " ")


def _hidden_everywhere(skills: Sequence[Skill]) -> Iterator[str]:
    for skill in skills:
        entry = skill.entry
        names = {form.pattern for name in (*entry.aliases, *entry.ambiguous) for form in forms(name)}
        for phrase in entry.not_in:
            if any(form.pattern in names for form in forms(phrase)):
                yield f"{_where(skill)}: not_in {phrase!r} reads as the name itself and hides it everywhere"


def _bare_ambiguity(skills: Sequence[Skill]) -> Iterator[str]:
    for skill in skills:
        entry = skill.entry
        if entry.ambiguous and not (entry.examples and entry.not_examples):
            yield f"{_where(skill)}: an ambiguous name needs at least one of examples and one of not_examples"
        if entry.needs_any and not entry.ambiguous:
            yield f"{_where(skill)}: needs_any only says when an ambiguous name counts, and there is none"


def _examples(classifier: Classifier) -> Iterator[str]:
    for skill in classifier.skills:
        for text in skill.entry.examples:
            if not _finds(classifier, skill, text):
                yield f"{_where(skill)}: not found in its example {text!r}"
        for text in skill.entry.not_examples:
            if _finds(classifier, skill, text):
                yield f"{_where(skill)}: found in {text!r}, which is one of its not_examples"


def _finds(classifier: Classifier, skill: Skill, text: str) -> bool:
    return any(hit.skill == skill.slug for hit in classifier.classify("", text).skills)
