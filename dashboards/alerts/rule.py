"""One alert rule: a query with exactly one number a row, and the limit that it must not pass."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from dashboards.builder.board import number
from dashboards.builder.query import PLUGIN, PLUGIN_VERSION, TABLE, Json, sql

DATASOURCE_UID: Final = "skillpulse-clickhouse"
FOLDER: Final = "skillpulse"


@dataclass(frozen=True)
class Rule:
    """`query` gives one number a row, with names beside it; a row above (`gt`) or below (`lt`) `limit` fires.

    No row and a query that fails are decided, too: `no_rows` and Error, which says so to whoever runs it.
    """

    uid: str
    title: str
    severity: Literal["critical", "warning", "info"]
    query: str
    compare: Literal["gt", "lt"]
    limit: float
    lasting: str
    summary: str
    description: str
    board: str
    panel: str
    no_rows: Literal["OK", "Alerting"] = "OK"

    def json(self) -> Json:
        """The rule as the provisioning files and the API have it."""
        return {
            "uid": self.uid,
            "title": self.title,
            "condition": "C",
            "data": [self._query(), self._threshold()],
            "dashboardUid": self.board,
            "panelId": number(self.panel),
            "noDataState": self.no_rows,
            "execErrState": "Error",
            "for": self.lasting,
            "labels": {"severity": self.severity, "service": "skillpulse"},
            "annotations": {
                "summary": self.summary,
                "description": self.description,
                "runbook_url": f"docs/runbook.md#{self.uid.removeprefix('skillpulse-')}",
                "__dashboardUid__": self.board,
                "__panelId__": str(number(self.panel)),
            },
            "isPaused": False,
        }

    def fires(self, value: float) -> bool:
        """Whether a row with this number fires."""
        return value > self.limit if self.compare == "gt" else value < self.limit

    def _query(self) -> Json:
        model: dict[str, Any] = {
            "refId": "A",
            "editorType": "sql",
            "format": TABLE,
            "queryType": "table",
            "pluginVersion": PLUGIN_VERSION,
            "datasource": {"type": PLUGIN, "uid": DATASOURCE_UID},
            "rawSql": sql(self.query),
        }
        return {
            "refId": "A",
            "relativeTimeRange": {"from": 3600, "to": 0},
            "datasourceUid": DATASOURCE_UID,
            "model": model,
        }

    def _threshold(self) -> Json:
        condition = {"evaluator": {"type": self.compare, "params": [self.limit]}}
        model = {
            "refId": "C",
            "type": "threshold",
            "expression": "A",
            "datasource": {"type": "__expr__", "uid": "__expr__"},
            "conditions": [condition],
        }
        return {
            "refId": "C",
            "relativeTimeRange": {"from": 0, "to": 0},
            "datasourceUid": "__expr__",
            "model": model,
        }
