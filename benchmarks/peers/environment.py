"""The environment of the peers that cannot share skillpulse's: made by `make bench`."""

from pathlib import Path

_PYTHON = Path(__file__).parents[2] / ".venv-bench" / "bin" / "python"


class PeersMissing(Exception):
    """The environment is not there; what needs it is skipped with this message."""


def peers_python() -> str:
    """The Python that has the peers' packages. Raises PeersMissing."""
    if not (_PYTHON.parent.parent / "ready").exists():
        raise PeersMissing("its package is not installed: `make bench` installs it into .venv-bench")
    return str(_PYTHON)
