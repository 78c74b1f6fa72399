"""The provisioning files hold what Grafana's parsers of them read, and fit to each other and to the compose file.

A key that Grafana does not know is ignored there in silence, so a slip of the pen would only show in production.
"""

import re
from typing import Any

import pytest
import yaml

from dashboards.alerts.rule import DATASOURCE_UID, FOLDER
from dashboards.generated import HERE

PROVISIONED = {
    str(path.relative_to(HERE / "provisioning")): path for path in (HERE / "provisioning").rglob("*.yaml")
}
READ = {name: yaml.safe_load(path.read_text(encoding="utf-8")) for name, path in PROVISIONED.items()}
GRAFANA = yaml.safe_load((HERE.parent / "docker-compose.yml").read_text(encoding="utf-8"))["services"][
    "grafana"
]

KNOWN: dict[str, set[str]] = {
    "datasources": {
        "name",
        "uid",
        "type",
        "access",
        "isDefault",
        "editable",
        "jsonData",
        "secureJsonData",
        "url",
        "user",
    },
    "providers": {
        "name",
        "orgId",
        "folder",
        "folderUid",
        "type",
        "disableDeletion",
        "allowUiUpdates",
        "updateIntervalSeconds",
    }
    | {"options"},
    "contactPoints": {"orgId", "name", "receivers"},
    "receivers": {"uid", "type", "settings", "disableResolveMessage"},
    "policies": {
        "orgId",
        "receiver",
        "group_by",
        "group_wait",
        "group_interval",
        "repeat_interval",
        "routes",
        "matchers",
    },
    "groups": {"orgId", "name", "folder", "interval", "rules"},
    "rules": {
        "uid",
        "title",
        "condition",
        "data",
        "dashboardUid",
        "panelId",
        "noDataState",
        "execErrState",
        "for",
        "labels",
    }
    | {"annotations", "isPaused", "keepFiringFor"},
    "data": {"refId", "queryType", "relativeTimeRange", "datasourceUid", "model"},
}


def unknown(value: Any, path: str = "") -> list[str]:
    """Keys of lists of things that Grafana does not know; models and settings are for plugins to read."""
    if isinstance(value, list):
        return [found for one in value for found in unknown(one, path)]
    if not isinstance(value, dict):
        return []
    strange = [f"{path}/{key}" for key in value if path in KNOWN and key not in KNOWN[path]]
    return strange + [found for key in value if key in KNOWN for found in unknown(value[key], key)]


@pytest.mark.parametrize("name", PROVISIONED)
def test_grafana_knows_every_key(name):
    assert READ[name].pop("apiVersion", 1) == 1
    assert unknown(READ[name]) == []
    assert unknown({"groups": [{"rules": [{"tilte": ""}]}]}) == ["rules/tilte"]


def test_states_and_durations_are_of_grafanas_lists():
    duration = re.compile(r"\d+[smhdw]")
    for group in READ["alerting/rules.yaml"]["groups"]:
        assert duration.fullmatch(group["interval"])
        for rule in group["rules"]:
            assert rule["noDataState"] in {"Alerting", "NoData", "OK", "KeepLast"}
            assert rule["execErrState"] in {"Alerting", "Error", "OK", "KeepLast"}
            assert duration.fullmatch(rule["for"])
            assert rule["condition"] in [query["refId"] for query in rule["data"]]


def test_alerts_ask_the_provisioned_data_source_and_reach_the_provisioned_contact():
    (source,) = READ["datasources/skillpulse.yaml"]["datasources"]
    assert source["uid"] == DATASOURCE_UID
    asked = {
        query["datasourceUid"]
        for rule in READ["alerting/rules.yaml"]["groups"][0]["rules"]
        for query in rule["data"]
    }
    assert asked == {DATASOURCE_UID, "__expr__"}
    contact = READ["alerting/contact.yaml"]
    assert [policy["receiver"] for policy in contact["policies"]] == [
        point["name"] for point in contact["contactPoints"]
    ]
    assert READ["dashboards/skillpulse.yaml"]["providers"][0]["folder"] == FOLDER


def test_the_container_has_every_variable_and_folder():
    used = {
        name
        for path in PROVISIONED.values()
        for name in re.findall(r"\$\{?([A-Z_]+)", path.read_text(encoding="utf-8"))
    }
    assert used <= set(GRAFANA["environment"])
    mounted = {volume.split(":")[1]: volume.split(":")[0] for volume in GRAFANA["volumes"]}
    assert (
        mounted[READ["dashboards/skillpulse.yaml"]["providers"][0]["options"]["path"]] == "./dashboards/json"
    )
    assert mounted["/etc/grafana/provisioning"] == "./dashboards/provisioning"
