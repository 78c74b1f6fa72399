"""The command line `skillpulse`: one small module per command, imported only when it is called."""

import sys
from importlib import import_module

import click

from schemas.faults import Fault
from streams.cli.ending import on_end

COMMANDS = {
    "audit": "streams.cli.audit",
    "backfill": "streams.cli.backfill",
    "backup": "streams.cli.backup",
    "board": "streams.cli.board",
    "classify": "streams.cli.classify",
    "dead-letters": "streams.cli.dead_letters",
    "dashboards": "streams.cli.dashboards",
    "demo": "streams.cli.demo",
    "doctor": "streams.cli.doctor",
    "down": "streams.cli.down",
    "export": "streams.cli.export",
    "ingest": "streams.cli.ingest",
    "migrate": "streams.cli.migrate",
    "prune": "streams.cli.prune",
    "recount": "streams.cli.recount",
    "report": "streams.cli.report",
    "restore": "streams.cli.restore",
    "rollup": "streams.cli.rollup",
    "simulate": "streams.cli.simulate",
    "sql": "streams.cli.sql",
    "taxonomy": "streams.cli.taxonomy",
    "up": "streams.cli.up",
    "worker": "streams.cli.worker",
}
"""Command name -> module whose `command` is the click command."""


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name]).command
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="skillpulse")
def _skillpulse() -> None:
    """Live, exact skill-demand counts from a stream of job posts.

    Try `skillpulse demo`. Settings come from SKILLPULSE_... variables; `doctor` prints and checks them.
    """


def main() -> None:
    """Entry point: every expected fault ends as one line on standard error, never as a traceback."""
    # in order, so that an embedded engine that was started for the command is stopped
    on_end(lambda number: sys.exit(128 + number))
    try:
        _skillpulse.main(standalone_mode=False, prog_name="skillpulse")
    except Fault as fault:
        click.echo(f"skillpulse: {fault}", err=True)
        sys.exit(fault.exit_status)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
