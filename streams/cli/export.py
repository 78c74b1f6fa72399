"""`skillpulse export`."""

from pathlib import Path

import click
import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console

from schemas.faults import Fault
from streams.cli.options import home_option, json_option, print_json, settings_of
from streams.clickhouse import reader


class CannotExport(Fault):
    """The file cannot be written; the message says why."""

    exit_status = 2


@click.command()
@click.argument("query")
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="File to write."
)
@home_option
@json_option
def command(query: str, output: Path, home: str | None, as_json: bool) -> None:
    """Write the answer of QUERY, or a whole view or table named by it, to a Parquet file (zstd).

    Example: skillpulse export skill_days -o skill_days.parquet
    """
    if output.suffix != ".parquet":
        raise CannotExport(
            f"{output}: name a file that ends in .parquet; for CSV there is `skillpulse sql --csv`"
        )
    sql = f"SELECT * FROM `{query}`" if query.isidentifier() else query
    with (
        reader(settings_of(home)) as client,
        Console(stderr=True).status(f"writing {output}"),
        client.query_arrow_stream(sql) as batches,
    ):
        rows = _write(batches, output)
    if as_json:
        print_json({"file": str(output), "rows": rows, "bytes": output.stat().st_size})
    else:
        click.echo(f"{output}: {rows:,} rows, {output.stat().st_size:,} bytes")


def _write(batches, output: Path) -> int:  # type: ignore[no-untyped-def]  # the driver's stream has no type
    """Write through a file beside it, so that an interrupted export leaves no half file under the name."""
    part = output.with_name(f"{output.name}.part")
    rows = 0
    writer: pq.ParquetWriter | None = None
    try:
        for batch in batches:
            table = pa.Table.from_batches([batch]) if isinstance(batch, pa.RecordBatch) else batch
            writer = writer or pq.ParquetWriter(part, table.schema, compression="zstd")
            writer.write_table(table)
            rows += table.num_rows
        if writer is None:
            raise CannotExport("the query has no rows: nothing was written")
        writer.close()
        part.replace(output)
    except OSError as error:
        raise CannotExport(f"{output} cannot be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
    return rows
