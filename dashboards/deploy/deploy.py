"""What is to stand in Grafana, compared with what stands there, and brought there."""

import os
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import urlsplit

from dashboards.alerts.rule import DATASOURCE_UID, FOLDER
from dashboards.alerts.rules import RULES
from dashboards.boards import BOARDS
from dashboards.builder.query import PLUGIN, Json
from dashboards.deploy.grafana import Grafana

_PASSWORD_VARIABLE: Final = "SKILLPULSE_GRAFANA_PASSWORD"

State = Literal["new", "changed", "same"]


class Change(NamedTuple):
    """One thing and what push does, or would do, about it."""

    kind: str
    name: str
    state: State


class Deployment:
    """Folder, data source, dashboards and alert rules, in the order in which they need each other."""

    def __init__(self, grafana: Grafana, clickhouse_url: str) -> None:
        self._grafana = grafana
        self._clickhouse_url = clickhouse_url

    def run(self, dry: bool = False) -> list[Change]:
        """Bring everything there, or only say what would change. Raises GrafanaFault."""
        self._grafana.require()
        changes = [self._folder(dry), self._datasource(dry)]
        changes += [self._board(board.json(), dry) for board in BOARDS]
        changes += [self._rule(rule.json(), dry) for rule in RULES]
        return changes

    def _folder(self, dry: bool) -> Change:
        there = self._grafana.get(f"/folders/{FOLDER}")
        if there is None and not dry:
            self._grafana.post("/folders", {"uid": FOLDER, "title": FOLDER})
        return Change("folder", FOLDER, "new" if there is None else "same")

    def _datasource(self, dry: bool) -> Change:
        wanted = self._wanted_datasource()
        path = f"/datasources/uid/{DATASOURCE_UID}"
        there = self._grafana.get(path)
        state = _state(there, wanted)
        # Grafana never shows a password: one that is given is sent again, and one that is not stays as it is there
        password = os.environ.get(_PASSWORD_VARIABLE)
        body = {**wanted, "secureJsonData": {"password": password}} if password else wanted
        if not dry and state == "new":
            self._grafana.post("/datasources", body)
        elif not dry and (state == "changed" or password):
            self._grafana.put(path, body)
        return Change("data source", wanted["name"], state)

    def _wanted_datasource(self) -> Json:
        parts = urlsplit(self._clickhouse_url)
        secure = parts.scheme == "https"
        return {
            "name": "skillpulse",
            "uid": DATASOURCE_UID,
            "type": PLUGIN,
            "access": "proxy",
            "jsonData": {
                "host": parts.hostname,
                "port": parts.port or (8443 if secure else 8123),
                "protocol": "http",
                "secure": secure,
                "username": "skillpulse_grafana",
                "defaultDatabase": "skillpulse",
            },
        }

    def _board(self, wanted: Json, dry: bool) -> Change:
        there = self._grafana.get(f"/dashboards/uid/{wanted['uid']}")
        kept = {key: value for key, value in wanted.items() if key != "version"}
        state = _state(there and there["dashboard"], kept)
        if not dry and state != "same":
            # without an id Grafana finds the dashboard by its uid; overwrite: the source decides, not the version
            self._grafana.post(
                "/dashboards/db", {"dashboard": wanted, "folderUid": FOLDER, "overwrite": True}
            )
        return Change("dashboard", wanted["title"], state)

    def _rule(self, rule: Json, dry: bool) -> Change:
        wanted = {**rule, "folderUID": FOLDER, "ruleGroup": FOLDER, "orgID": 1}
        path = f"/v1/provisioning/alert-rules/{rule['uid']}"
        compared = {
            key: value for key, value in wanted.items() if key not in ("dashboardUid", "panelId", "orgID")
        }
        state = _state(self._grafana.get(path), compared)
        sent = {key: value for key, value in wanted.items() if key not in ("dashboardUid", "panelId")}
        if not dry and state == "new":
            self._grafana.post("/v1/provisioning/alert-rules", sent)
        elif not dry and state == "changed":
            self._grafana.put(path, sent)
        return Change("alert rule", rule["title"], state)


def _state(there: Any | None, wanted: Json) -> State:
    if there is None:
        return "new"
    return "same" if _holds(there, wanted) else "changed"


def _holds(there: Any, wanted: Any) -> bool:
    """Whether all that is wanted is there; Grafana adds fields of its own."""
    if isinstance(wanted, dict):
        return isinstance(there, dict) and all(_holds(there.get(key), value) for key, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(there, list) and len(there) == len(wanted) and all(map(_holds, there, wanted))
    return bool(there == wanted)
