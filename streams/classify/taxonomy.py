"""The taxonomy files, read and checked.

`taxonomy/*.toml`, one table a skill, described in docs/taxonomy.md.
"""

import re
import tomllib
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import msgspec

from schemas.faults import Fault
from streams.classify.categories import CATEGORIES, GROUPS

FOLDER: Final = Path(__file__).parent / "taxonomy"
"""The packaged taxonomy."""

Kind = Literal["technical", "creative", "human", "business", "language", "soft"]

DISTANCE: Final = 60
"""Characters around an ambiguous name in which its evidence must stand: about one clause."""

_SLUG: Final = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")


class TaxonomyError(Fault):
    """A taxonomy file cannot be used.

    The message names file, entry and what to mend; nothing is classified.
    """


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """One skill's table as it stands in a file; see docs/taxonomy.md for each field."""

    name: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    needs_any: tuple[str, ...] = ()
    distance: int = DISTANCE
    with_skills: bool = True
    not_in: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    category: str = ""
    examples: tuple[str, ...] = ()
    not_examples: tuple[str, ...] = ()
    ai: bool = False


class Skill(NamedTuple):
    """One canonical skill: its slug, its group and its entry, and the file that it comes from."""

    slug: str
    group: str
    entry: Entry
    file: str


def read_taxonomy(folder: Path = FOLDER) -> list[Skill]:
    """All skills of the files in `folder`, ordered by file name and place. Raises TaxonomyError."""
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise TaxonomyError(f"{folder} holds no taxonomy files (*.toml): name a folder that does")
    skills: dict[str, Skill] = {}
    for path in files:
        for skill in _read_file(path):
            if skill.slug in skills:
                first = skills[skill.slug].file
                raise TaxonomyError(f"{path.name}: [{skill.slug}] stands in {first} as well: merge the two")
            skills[skill.slug] = skill
    return list(skills.values())


def _read_file(path: Path) -> list[Skill]:
    try:
        tables: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TaxonomyError(f"{path.name}: {error}") from error
    group = tables.pop("group", None)
    if group not in GROUPS:
        raise TaxonomyError(f"{path.name}: group = {group!r} is none of {', '.join(GROUPS)}")
    return [_skill(slug, group, table, path.name) for slug, table in tables.items()]


def _skill(slug: str, group: str, table: Any, file: str) -> Skill:
    where = f"{file}: [{slug}]"
    if not _SLUG.fullmatch(slug):
        raise TaxonomyError(f"{where}: a slug has lower-case letters, digits and single underscores")
    try:
        entry = msgspec.convert(table, Entry)
    except msgspec.ValidationError as error:
        raise TaxonomyError(f"{where}: {error}") from error
    if not entry.aliases and not entry.ambiguous:
        raise TaxonomyError(f"{where}: needs at least one alias or ambiguous name")
    if entry.category and entry.category not in CATEGORIES:
        raise TaxonomyError(f"{where}: category {entry.category!r} is not in categories.tsv")
    return Skill(slug, group, entry, file)
