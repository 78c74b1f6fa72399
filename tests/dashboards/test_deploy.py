"""Push, check and diff against the recorded contract of Grafana's API."""

import pytest
from click.testing import CliRunner

from dashboards.alerts.rules import RULES
from dashboards.boards import BOARDS
from dashboards.deploy.deploy import Deployment
from dashboards.deploy.grafana import Grafana, GrafanaFault
from streams.cli.dashboards import command
from tests.dashboards.grafana_stand_in import TOKEN, GrafanaStandIn, running

CLICKHOUSE = "https://clickhouse.example.com"
EVERYTHING = 2 + len(BOARDS) + len(RULES)


def states(url: str, dry: bool = False) -> list[str]:
    return [change.state for change in Deployment(Grafana(url, TOKEN), CLICKHOUSE).run(dry)]


def test_push_makes_everything_once():
    grafana = GrafanaStandIn()
    with running(grafana) as url:
        assert states(url) == ["new"] * EVERYTHING
        wrote = len(grafana.wrote)
        assert wrote == EVERYTHING
        assert states(url) == ["same"] * EVERYTHING
        assert len(grafana.wrote) == wrote
    datasource = grafana.there["/api/datasources/uid/skillpulse-clickhouse"]
    assert datasource["jsonData"]["port"] == 8443
    assert datasource["jsonData"]["secure"]


def test_a_password_is_sent_again_and_never_emptied(monkeypatch):
    grafana = GrafanaStandIn()
    with running(grafana) as url:
        monkeypatch.setenv("SKILLPULSE_GRAFANA_PASSWORD", "old")
        states(url)
        monkeypatch.setenv("SKILLPULSE_GRAFANA_PASSWORD", "new")
        assert states(url) == ["same"] * EVERYTHING
        assert grafana.secrets == {"password": "new"}
        monkeypatch.delenv("SKILLPULSE_GRAFANA_PASSWORD")
        wrote = len(grafana.wrote)
        assert states(url) == ["same"] * EVERYTHING
        assert len(grafana.wrote) == wrote


def test_a_dry_run_changes_nothing():
    grafana = GrafanaStandIn()
    with running(grafana) as url:
        assert states(url, dry=True) == ["new"] * EVERYTHING
    assert grafana.wrote == []


def test_what_was_changed_there_is_put_back():
    grafana = GrafanaStandIn()
    with running(grafana) as url:
        states(url)
        grafana.there[f"/api/dashboards/uid/{BOARDS[0].uid}"]["dashboard"]["title"] = "mine"
        grafana.there[f"/api/v1/provisioning/alert-rules/{RULES[0].uid}"]["for"] = "9h"
        assert states(url).count("changed") == 2
        assert states(url).count("changed") == 0


@pytest.mark.parametrize(
    ("grafana", "token", "says"),
    [
        pytest.param(GrafanaStandIn(), "wrong", "does not know the token", id="token"),
        pytest.param(GrafanaStandIn(plugin=False), TOKEN, "lacks the plugin", id="plugin"),
        pytest.param(GrafanaStandIn(version="10.4.1"), TOKEN, "too old", id="version"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(grafana, token, says):
    with running(grafana) as url, pytest.raises(GrafanaFault, match=says) as fault:
        Deployment(Grafana(url, token), CLICKHOUSE).run()
    assert "\n" not in str(fault.value)
    assert grafana.wrote == []


@pytest.mark.parametrize(
    ("url", "says"), [("http://127.0.0.1:1", "does not answer"), ("grafana", "not an address")]
)
def test_no_grafana(url, says):
    with pytest.raises(GrafanaFault, match=says):
        Grafana(url, TOKEN).require()


def test_the_commands(monkeypatch):
    monkeypatch.setenv("GRAFANA_TOKEN", TOKEN)
    grafana = GrafanaStandIn()
    with running(grafana) as url:
        checked = CliRunner().invoke(command, ["check", "--url", url], catch_exceptions=False)
        pushed = CliRunner().invoke(command, ["push", "--url", url, "--json"], catch_exceptions=False)
    assert "13.0.0" in checked.output
    assert pushed.output.count('"state": "new"') == EVERYTHING


def test_a_token_is_needed(monkeypatch):
    monkeypatch.delenv("GRAFANA_TOKEN", raising=False)
    with pytest.raises(GrafanaFault, match="GRAFANA_TOKEN"):
        Grafana.from_environment("http://localhost:3000")


@pytest.mark.parametrize("token", ["hunter2\nX", "h\u00fcnter2\u2603"])
def test_what_is_no_token_is_not_shown(monkeypatch, token):
    monkeypatch.setenv("GRAFANA_TOKEN", token)
    with pytest.raises(GrafanaFault, match="GRAFANA_TOKEN is no token") as fault:
        Grafana.from_environment("http://localhost:3000")
    assert "nter2" not in str(fault.value)


def test_the_end_of_the_tokens_line_is_not_the_tokens(monkeypatch):
    monkeypatch.setenv("GRAFANA_TOKEN", f"{TOKEN}\n")
    with running(GrafanaStandIn()) as url:
        assert Grafana.from_environment(url).require()


@pytest.mark.parametrize("url", ["http://admin:hunter2@localhost:3000", "ftp://admin:hunter2@localhost"])
def test_a_password_in_the_address_is_refused_and_not_shown(url):
    with pytest.raises(GrafanaFault, match="no user or password") as fault:
        Grafana(url, TOKEN)
    assert "hunter2" not in str(fault.value)
