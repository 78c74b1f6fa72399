"""`skillpulse sql`."""

import csv
import sys

import click

from streams.cli.options import home_option, json_option, print_json, print_table, settings_of
from streams.clickhouse import reader


@click.command()
@click.argument("query")
@home_option
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV with a header.")
def command(query: str, home: str | None, as_json: bool, as_csv: bool) -> None:
    """Run QUERY as the read-only user; `-` reads it from standard input. --json prints one object a row.

    Example: skillpulse sql "SELECT skill, sum(posts) AS posts FROM skill_panes GROUP BY skill ORDER BY posts DESC
    LIMIT 10"
    """
    settings = settings_of(home)
    statement = sys.stdin.read() if query == "-" else query
    if not statement.strip():
        raise click.UsageError("the query is empty")
    with reader(settings) as client:
        result = client.query(statement)
    if as_json:
        for row in result.result_rows:
            print_json(dict(zip(result.column_names, row, strict=True)))
    elif as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(result.column_names)
        writer.writerows(result.result_rows)
    elif result.result_rows:
        print_table(result.column_names, result.result_rows)
    else:
        click.echo("no rows", err=True)
