"""`skillpulse dashboards`."""

import click

from dashboards.deploy.deploy import Change, Deployment
from dashboards.deploy.grafana import Grafana
from streams.cli.options import json_option, print_json, print_table


def _grafana_options(command: click.decorators.FC) -> click.decorators.FC:
    command = click.option(
        "--url", envvar="GRAFANA_URL", required=True, help="Address of Grafana [GRAFANA_URL]."
    )(command)
    return click.option(
        "--clickhouse-url",
        envvar="SKILLPULSE_CLICKHOUSE",
        default="http://localhost:8123",
        show_default=True,
        help="ClickHouse as Grafana reaches it.",
    )(command)


@click.group("dashboards")
def command() -> None:
    """Bring dashboards, data source and alert rules to a Grafana that is already there.

    The token of a service account with the role Admin stands in GRAFANA_TOKEN, the password of the read-only ClickHouse
    user in SKILLPULSE_GRAFANA_PASSWORD. Example: GRAFANA_TOKEN=... skillpulse dashboards push --url https://grafana.example.com
    """


@command.command("check")
@_grafana_options
def check(url: str, clickhouse_url: str) -> None:
    """Say whether push would work: address, token, version, plugin. Changes nothing.

    Example: skillpulse dashboards check --url http://localhost:3000
    """
    grafana = Grafana.from_environment(url)
    click.echo(f"Grafana {grafana.require()} at {url}: token and plugin are fine")


@command.command("diff")
@_grafana_options
@json_option
def diff(url: str, clickhouse_url: str, as_json: bool) -> None:
    """Say what push would change. Changes nothing.

    Example: skillpulse dashboards diff --url http://localhost:3000
    """
    _show(Deployment(Grafana.from_environment(url), clickhouse_url).run(dry=True), as_json)


@command.command("push")
@_grafana_options
@click.option("--dry-run", is_flag=True, help="The same as diff.")
@json_option
def push(url: str, clickhouse_url: str, dry_run: bool, as_json: bool) -> None:
    """Make folder, data source, dashboards and alert rules as they are here; safe to repeat.

    Example: skillpulse dashboards push --url http://localhost:3000
    """
    _show(Deployment(Grafana.from_environment(url), clickhouse_url).run(dry=dry_run), as_json)


def _show(changes: list[Change], as_json: bool) -> None:
    if as_json:
        print_json([change._asdict() for change in changes])
        return
    print_table(("what", "name", "state"), [(c.kind, c.name, c.state) for c in changes])
