"""Mapping files: how the columns of an export become the fields of a job post. TOML, checked when read."""

import tomllib
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

import schemas
from schemas.faults import Fault
from schemas.job_post import JobPost

FOLDER: Final = Path(schemas.__file__).parent / "mappings"

OWN: Final = "skillpulse"
"""The mapping of our own field names, for formats without types of their own (CSV) or with more (Parquet)."""

Columns = str | list[str]


class MappingFault(Fault):
    """A mapping file is missing or wrong; the user mends it and calls again."""


class Find(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field that stands inside the text of a column, or of the first of several that is not empty."""

    column: Columns
    pattern: str
    """Regular expression; its first group is the value."""


class When(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A condition under which a field is taken at all."""

    column: str
    among: list[str]
    """Values of the column, in any letter case."""


class Times(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How times are written."""

    formats: Annotated[tuple[str, ...], Meta(min_length=1)] = ("iso",)
    """Tried in order: `iso`, `rfc2822`, `epoch` (seconds), `epoch_ms`, or a strptime format."""
    zone: str = "UTC"
    """Time zone (IANA name) of times that do not say theirs."""


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One mapping file."""

    title: str
    fields: dict[str, Columns]
    """Field -> column, or columns of which the first that is not empty counts; dots go into nested objects."""
    constants: dict[str, str | float] = {}
    find: dict[str, Find] = {}
    values: dict[str, dict[str, str]] = {}
    """Field -> text as found, in lower case -> value; `*` stands for all other texts."""
    when: dict[str, When] = {}
    times: Times = Times()
    separators: tuple[str, ...] = (",", ";", "|")
    """What stands between the skills where they are one text: the first one that it contains."""
    html: list[str] = []
    """Fields whose markup is turned into plain text."""
    id_prefix: str = ""
    """Put before each post_id, so that the ids of different exports cannot meet."""


def mapping_names() -> list[str]:
    """The packaged mappings."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load_mapping(name: str) -> Mapping:
    """The packaged mapping `name`, or the one in the file of that path. Raises MappingFault."""
    path = FOLDER / f"{name}.toml"
    if not path.exists():
        path = Path(name)
    try:
        mapping = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Mapping)
    except FileNotFoundError:
        known = ", ".join(mapping_names())
        raise MappingFault(f"no mapping {name!r}: give a TOML file or one of {known}") from None
    except (OSError, ValueError) as error:
        raise MappingFault(f"mapping {path}: {error}") from error
    known_fields = set(JobPost.__struct_fields__)
    for part in (mapping.fields, mapping.constants, mapping.find, mapping.values, mapping.when, mapping.html):
        if unknown := set(part) - known_fields:
            raise MappingFault(f"mapping {path}: {sorted(unknown)[0]!r} is no field of a job post")
    return mapping
