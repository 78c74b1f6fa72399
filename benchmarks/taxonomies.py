"""Taxonomies of other sizes than the packaged one, to see what size costs."""

import re
import shutil
from pathlib import Path

from streams.classify.taxonomy import FOLDER

_ENTRY = re.compile(r"^\[", re.MULTILINE)

_INVENTED = """
[invented_{number}]
name = "{name}"
kind = "technical"
aliases = ["{name}", "{name} framework", "{name} studio"]
"""


def taxonomy(folder: Path, size: float) -> int:
    """Write the packaged taxonomy times `size` into `folder`: every n-th entry, or invented names on top.

    Returns the number of skills.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    skills = 0
    for path in FOLDER.glob("*.toml"):
        head, *entries = _ENTRY.split(path.read_text(encoding="utf-8"))
        kept = [entry for at, entry in enumerate(entries) if size >= 1 or at % round(1 / size) == 0]
        skills += len(kept)
        (folder / path.name).write_text(head + "".join(f"[{entry}" for entry in kept), encoding="utf-8")
    invented = max(0, round(skills * (size - 1)))
    if invented:
        tables = "".join(_INVENTED.format(number=at, name=_name(at)) for at in range(invented))
        (folder / "zz_invented.toml").write_text(f'group = "it"\n{tables}', encoding="utf-8")
    return skills + invented


def _name(number: int) -> str:
    """A name that no post has: syllables in place of digits."""
    syllables = ("qua", "vex", "zil", "mor", "tep", "kro", "lun", "fax", "dob", "wib")
    return "".join(syllables[int(digit)] for digit in f"{number:05}")
