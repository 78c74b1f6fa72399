"""The files that are made from the boards and alerts, committed beside their source."""

from pathlib import Path
from typing import Final

from dashboards.alerts.rule import FOLDER
from dashboards.alerts.rules import RULES
from dashboards.alerts.yaml import dumped
from dashboards.boards import BOARDS
from dashboards.builder.board import written

HERE: Final = Path(__file__).parent


def contents() -> dict[Path, str]:
    """Path and text of every generated file."""
    made = {HERE / "json" / f"{board.uid}.json": written(board.json()) for board in BOARDS}
    made[HERE / "provisioning" / "alerting" / "rules.yaml"] = _rules()
    return made


def _rules() -> str:
    group = {
        "orgId": 1,
        "name": FOLDER,
        "folder": FOLDER,
        "interval": "1m",
        "rules": [rule.json() for rule in RULES],
    }
    return "# Made by `python -m dashboards` from dashboards/alerts.\n" + dumped(
        {"apiVersion": 1, "groups": [group]}
    )


def write_all() -> list[Path]:
    """Write them; returns the paths."""
    made = contents()
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(made)
