"""Dashboards and alert rules against the types that Grafana publishes: what they do not know would be lost on import."""

import json
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.alerting import Rule
from grafana_foundation_sdk.models.expr import TypeThreshold

from dashboards.alerts.rules import RULES
from dashboards.boards import BOARDS
from dashboards.builder.board import written

with warnings.catch_warnings():  # the second schema, which it prefers, is refused by file provisioning
    warnings.simplefilter("ignore", DeprecationWarning)
    from grafana_foundation_sdk.models.dashboard import Dashboard

register_default_plugins()


def lost(given: Any, kept: Any, path: str = "") -> Iterator[str]:
    """Where `kept` lacks or changes something of `given`."""
    if isinstance(given, dict) and isinstance(kept, dict):
        for key, value in given.items():
            yield from lost(value, kept.get(key), f"{path}/{key}") if key in kept else [f"{path}/{key}"]
    elif isinstance(given, list) and isinstance(kept, list) and len(given) == len(kept):
        for number, (value, other) in enumerate(zip(given, kept, strict=True)):
            yield from lost(value, other, f"{path}/{number}")
    elif given != kept:
        yield path


def through(model: Any, given: dict[str, Any]) -> Any:
    """What is left of `given` when Grafana's type has read and written it."""
    return json.loads(json.dumps(model.from_json(given), cls=JSONEncoder))


@pytest.mark.parametrize("board", [pytest.param(board, id=board.uid) for board in BOARDS])
def test_grafana_knows_all_that_a_dashboard_says(board):
    given = board.json()
    assert list(lost(given, through(Dashboard, given))) == []


def test_what_grafana_does_not_know_is_found():
    given = json.loads(written(BOARDS[0].json()))  # its parts are shared between boards
    given["panels"][0]["options"]["graphmode"] = "area"
    given["templating"]["list"][1]["lable"] = "Month"
    assert set(lost(given, through(Dashboard, given))) == {
        "/panels/0/options/graphmode",
        "/templating/list/1/lable",
    }


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.uid) for rule in RULES])
def test_grafana_knows_all_that_a_rule_says(rule):
    # the panel of a rule stands in the annotations, too, which is where the API has it
    given = {key: value for key, value in rule.json().items() if key not in ("dashboardUid", "panelId")}
    assert list(lost(given, through(Rule, given))) == []
    threshold = given["data"][1]["model"]
    assert list(lost(threshold, through(TypeThreshold, threshold))) == []
