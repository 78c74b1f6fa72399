"""The name of a taxonomy together with the rules that decide by it.

Counts of two versions are never mixed.
"""

from hashlib import sha256
from pathlib import Path
from typing import Final

EDITION: Final = "2026.11"
"""Year and month of the taxonomy's last edition, for people.

The rest of a version is a hash of the content.
"""

_RULES: Final = Path(__file__).parent


def taxonomy_version(folder: Path) -> str:
    """`<edition>-<8 hex digits>`.

    Changes with any taxonomy file in `folder` and with any rule of this package.
    """
    digest = sha256()
    rules = (*_RULES.glob("*.py"), *_RULES.glob("*.tsv"), *_RULES.glob("rules/*.toml"))
    for path in (*sorted(rules), *sorted(folder.glob("*.toml"))):
        digest.update(f"{path.name}\0".encode())
        digest.update(path.read_bytes())
    return f"{EDITION}-{digest.hexdigest()[:8]}"
