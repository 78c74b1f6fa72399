"""Queries of panels, variables and annotations, as the ClickHouse data source of Grafana keeps them."""

from textwrap import dedent
from typing import Any, Final

PLUGIN: Final = "grafana-clickhouse-datasource"
PLUGIN_VERSION: Final = "4.20.0"
"""A target without a version is migrated when it is opened, which changes the dashboard."""

Json = dict[str, Any]

DATASOURCE: Final[Json] = {"type": PLUGIN, "uid": "${datasource}"}
"""The data source is a variable of every board: a dashboard file names no installation."""

TIME_SERIES: Final = 0
TABLE: Final = 1


def sql(text: str) -> str:
    """A query as it is stored: without the indentation of the source."""
    return dedent(text).strip()


def target(ref: str, text: str, form: int) -> Json:
    """One query of a panel; `form` is TIME_SERIES (a time column, names, numbers) or TABLE."""
    return {
        "refId": ref,
        "datasource": DATASOURCE,
        "editorType": "sql",
        "format": form,
        "pluginVersion": PLUGIN_VERSION,
        "queryType": "table" if form == TABLE else "timeseries",
        "rawSql": sql(text),
    }
