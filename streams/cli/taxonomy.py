"""`skillpulse taxonomy`: look into the skills, check them, find what they lack."""

import sys
from collections import Counter
from pathlib import Path
from typing import BinaryIO, Final

import click
import msgspec

from streams.classify import load_classifier
from streams.classify.gaps import Gaps
from streams.classify.lint import problems
from streams.classify.taxonomy import FOLDER, Skill, read_taxonomy
from streams.cli.classify import read_posts

_FOLDER = click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=FOLDER,
    help="Folder of taxonomy files; the packaged ones by default.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")

_UNLIKE: Final = 3
"""Rank of a skill that a search does not mean."""


@click.group()
def command() -> None:
    """The skills that posts are read by: check, search, show, stats, gaps.

    Example: skillpulse taxonomy search django
    """


@command.command()
@_FOLDER
def check(folder: Path) -> None:
    """Lint the taxonomy and run its examples; exit status 1 where something is to be mended."""
    classifier = load_classifier(folder)
    found = problems(classifier)
    for line in found:
        click.echo(line)
    click.echo(
        f"{len(classifier.skills)} skills, {len(found)} problems, version {classifier.taxonomy_version}"
    )
    sys.exit(1 if found else 0)


@command.command()
@click.argument("words", nargs=-1, required=True)
@_FOLDER
@_JSON
def search(words: tuple[str, ...], folder: Path, as_json: bool) -> None:
    """Skills whose slug or one of whose names holds all WORDS; the best matches first."""
    wanted = " ".join(words).lower()
    ranked = [(_rank(skill, wanted), skill) for skill in read_taxonomy(folder)]
    found = [skill for rank, skill in sorted(ranked, key=lambda pair: pair[0]) if rank < _UNLIKE]
    if as_json:
        click.echo(msgspec.json.encode([_listed(skill) for skill in found]))
    else:
        for skill in found:
            click.echo(f"{skill.slug:32} {skill.entry.name:32} {skill.entry.kind:10} {skill.group}")
    if not found:
        click.echo("no skill has these words in its slug or in one of its names", err=True)
    sys.exit(0 if found else 1)


@command.command()
@click.argument("slug")
@_FOLDER
@_JSON
def show(slug: str, folder: Path, as_json: bool) -> None:
    """The entry of one skill."""
    skills = {skill.slug: skill for skill in read_taxonomy(folder)}
    if slug not in skills:
        raise click.ClickException(f"no skill {slug!r}: `skillpulse taxonomy search` finds slugs")
    entry = _listed(skills[slug])
    if as_json:
        click.echo(msgspec.json.encode(entry))
        return
    for field, value in entry.items():
        if value not in ((), [], "", None):
            click.echo(f"{field:13} {', '.join(value) if isinstance(value, list) else value}")


@command.command()
@_FOLDER
@_JSON
def stats(folder: Path, as_json: bool) -> None:
    """How many skills and names there are, by group and kind."""
    skills = read_taxonomy(folder)
    numbers = {
        "skills": len(skills),
        "aliases": sum(len(skill.entry.aliases) for skill in skills),
        "ambiguous": sum(bool(skill.entry.ambiguous) for skill in skills),
        "groups": dict(Counter(skill.group for skill in skills).most_common()),
        "kinds": dict(Counter(skill.entry.kind for skill in skills).most_common()),
    }
    if as_json:
        click.echo(msgspec.json.encode(numbers))
        return
    for name, value in numbers.items():
        if isinstance(value, dict):
            click.echo(f"{name}:")
            for key, count in value.items():
                click.echo(f"  {key:20} {count:6}")
        else:
            click.echo(f"{name:22} {value:6}")


@command.command()
@click.argument("file", type=click.File("rb"))
@click.option("--top", default=50, show_default=True, help="How many of each to list.")
@_FOLDER
@_JSON
def gaps(file: BinaryIO, top: int, folder: Path, as_json: bool) -> None:
    """The most frequent platform tags and noun phrases in FILE (JSON lines of posts) that no skill covers.

    Example: skillpulse taxonomy gaps posts.jsonl --top 100
    """
    found = Gaps(load_classifier(folder))
    for post in read_posts(file):
        found.add(post.title, post.description, post.skills)
    tags, phrases = found.tags.most_common(top), found.phrases.most_common(top)
    if as_json:
        numbers = {"posts": found.posts, "without_skills": found.without_skills}
        click.echo(msgspec.json.encode(numbers | {"tags": dict(tags), "phrases": dict(phrases)}))
        return
    click.echo(f"{found.posts} posts, {found.without_skills} without any skill")
    for name, counts in (("tags", tags), ("phrases", phrases)):
        click.echo(f"unknown {name}:")
        for text, count in counts:
            click.echo(f"  {count:6} {text}")


def _rank(skill: Skill, wanted: str) -> int:
    """0 where a name is what is wanted, 1 where slug or display name hold its words, 2 where another name does."""
    words = wanted.split()
    names = _names(skill)
    if wanted in names:
        return 0
    for rank, some in ((1, (skill.slug, skill.entry.name.lower())), (2, names)):
        if any(all(word in name for word in words) for name in some):
            return rank
    return _UNLIKE


def _names(skill: Skill) -> list[str]:
    entry = skill.entry
    return [name.lower() for name in (skill.slug, entry.name, *entry.aliases, *entry.ambiguous)]


def _listed(skill: Skill) -> dict[str, object]:
    fields = {"slug": skill.slug, "group": skill.group, "file": skill.file}
    return fields | {
        name: list(v) if isinstance(v, tuple) else v
        for name, v in msgspec.structs.asdict(skill.entry).items()
    }


if __name__ == "__main__":
    command()
