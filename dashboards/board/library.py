"""The dashboards as the page needs them, read from the same JSON files that Grafana reads."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from dashboards.board.macros import Frame, Value, expand
from dashboards.board.times import BadRequest, interval, span

FOLDER: Final = Path(__file__).parent.parent / "json"
_POINTS: Final = 120
_MOST_POINTS: Final = 2000

Json = dict[str, Any]


class Library:
    """All dashboards of a folder, by uid."""

    def __init__(self, folder: Path = FOLDER) -> None:
        read = (json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json")))
        self._boards: dict[str, Json] = {board["uid"]: board for board in read}

    def titles(self) -> list[dict[str, str]]:
        """Uid and title of each, by title as Grafana lists them; the first is where a visitor arrives."""
        listed = [{"uid": uid, "title": board["title"]} for uid, board in self._boards.items()]
        return sorted(listed, key=lambda board: board["title"])

    def board(self, uid: str) -> Json:
        """The whole model. Raises BadRequest."""
        if uid not in self._boards:
            raise BadRequest(f"there is no dashboard {uid!r}")
        return self._boards[uid]

    def values(self, uid: str, chosen: Mapping[str, Any]) -> dict[str, Value]:
        """What was chosen in each of the board's variables. Raises BadRequest."""
        made = {}
        for variable in self.board(uid)["templating"]["list"]:
            given = chosen.get(variable["name"])
            if given is None:
                continue
            several = given if isinstance(given, list) else [given]
            if not several or not all(_is_text(value) and len(value) <= 200 for value in several):
                raise BadRequest(f"the value of {variable['name']} must be text")
            made[variable["name"]] = Value(tuple(several), variable.get("allValue"))
        return made

    def panel_query(
        self, uid: str, number: int, since: int, until: int, chosen: Mapping[str, Any], points: int = _POINTS
    ) -> str:
        """The query of a panel, ready to run. Raises BadRequest."""
        panel = next((panel for panel in self.board(uid)["panels"] if panel["id"] == number), None)
        if not panel or not panel.get("targets"):
            raise BadRequest(f"the dashboard {uid!r} has no panel {number} with a query")
        least = span(panel.get("interval", "1s"))
        frame = Frame(since, until, interval(since, until, min(points, _MOST_POINTS), least))
        return expand(panel["targets"][0]["rawSql"], frame, self.values(uid, chosen))

    def variable_query(self, uid: str, name: str, since: int, until: int, chosen: Mapping[str, Any]) -> str:
        """The query of a variable's choices. Raises BadRequest."""
        for variable in self.board(uid)["templating"]["list"]:
            if variable["name"] == name and variable["type"] == "query":
                frame = Frame(since, until, interval(since, until, _POINTS))
                return expand(variable["query"]["rawSql"], frame, self.values(uid, chosen))
        raise BadRequest(f"the dashboard {uid!r} has no variable {name!r} with a query")

    def annotation_query(self, uid: str, name: str, since: int, until: int, chosen: Mapping[str, Any]) -> str:
        """The query of an annotation. Raises BadRequest."""
        for annotation in self.board(uid)["annotations"]["list"]:
            if annotation["name"] == name:
                frame = Frame(since, until, interval(since, until, _POINTS))
                return expand(annotation["target"]["rawSql"], frame, self.values(uid, chosen))
        raise BadRequest(f"the dashboard {uid!r} has no annotation {name!r}")


def _is_text(value: object) -> bool:
    """Whether it is text that can be sent: JSON may hold half a character."""
    return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)
