"""The variables of a board: what stands in its drop-down lists."""

from collections.abc import Mapping

from dashboards.builder.query import DATASOURCE, PLUGIN, Json, sql

_ALL = {"text": "All", "value": "$__all"}


def datasource() -> Json:
    """Which ClickHouse: hidden while there is one."""
    return {
        "name": "datasource",
        "type": "datasource",
        "label": "ClickHouse",
        "description": "The ClickHouse that holds skillpulse's data.",
        "query": PLUGIN,
        "current": {},
        "hide": 2,
        "refresh": 1,
        "regex": "",
        "options": [],
    }


def chosen(
    name: str, label: str, description: str, query: str, *, everything: bool = False, several: bool = False
) -> Json:
    """Values from a query of one column, or of two: value and text. The first is chosen at first.

    With `everything` the choice "All" comes first and stands for '' in queries: no filter.
    """
    return {
        "name": name,
        "type": "query",
        "label": label,
        "description": description,
        "datasource": DATASOURCE,
        "query": {"editorType": "sql", "rawSql": sql(query)},
        "definition": sql(query),
        "refresh": 2,
        "sort": 0,
        "regex": "",
        "multi": several,
        "includeAll": everything,
        **({"allValue": "''"} if everything else {}),
        "current": dict(_ALL) if everything else {},
        "options": [],
        "hide": 0,
    }


def listed(
    name: str, label: str, description: str, values: Mapping[str, str], *, everything: bool = False
) -> Json:
    """Fixed values with their texts; the first is chosen at first."""
    texts = [(text, value) for value, text in values.items()]
    options = [{"text": text, "value": value, "selected": False} for text, value in texts]
    if everything:
        options.insert(0, {**_ALL, "selected": True})
    else:
        options[0]["selected"] = True
    return {
        "name": name,
        "type": "custom",
        "label": label,
        "description": description,
        "query": ",".join(f"{text} : {value}" for text, value in texts),
        "multi": False,
        "includeAll": everything,
        **({"allValue": "''"} if everything else {}),
        "current": {"text": options[0]["text"], "value": options[0]["value"]},
        "options": options,
        "hide": 0,
    }
