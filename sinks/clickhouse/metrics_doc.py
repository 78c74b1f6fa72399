"""docs/metrics.md from the COMMENTs: `python -m sinks.clickhouse.metrics_doc [--home DIR | --keep | --check]`.

The outputs under the examples are those of the installation that it was run against; all else is a function of
the SQL files, and a test holds the page to them. The outputs of docs/analysts.md are made anew in the same run.
"""

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from sinks.clickhouse.client import Address, opened
from sinks.clickhouse.migrate import Step, views
from sinks.embedded.home import Home

PAGE: Final = Path(__file__).parents[2] / "docs" / "metrics.md"
ANALYSTS: Final = PAGE.with_name("analysts.md")

_SHOWN_ROWS: Final = 6

_TEXT: Final = r"'((?:[^']|'')*)'"
_VIEW: Final = re.compile(
    rf"CREATE OR REPLACE VIEW (\w+)(?:\n\((.*?)\n\))?\nAS (.*)\nCOMMENT {_TEXT}", re.DOTALL
)
_COLUMN: Final = re.compile(rf"^    (\w+) (.+?) COMMENT {_TEXT},?$", re.MULTILINE)
_ANSWERED: Final = re.compile(r"(```sql\n([^`]*)\n```\n```text\n)[^`]*```")
_ARGUMENT: Final = re.compile(r"\{(\w+):([^{}]+)\}")

_SECTIONS: Final = (
    ("0001", "The posts and their counts", "What everything else is computed from."),
    ("0200", "Demand, growth, series", "Every figure with the counts behind it."),
    ("0230", "AI and skills", "Where AI has come, and what moves with it."),
    (
        "0240",
        "Asked of the posts",
        "Questions that counts cannot answer are computed from the posts themselves.",
    ),
    ("0300", "Live", "For those who watch hiring as it happens."),
    ("0400", "The pipeline", "For whoever runs it."),
    ("0500", "Survey and signals", "What respondents say, and what stands out."),
    ("0600", "For the boards", "What dashboards need beside the metrics."),
)

_INTRODUCTION: Final = """\
# Metrics

Every metric is defined once, as a view of the database `skillpulse`: dashboards, report and analysts read the same.
This page is made from the comments of the views by `python -m sinks.clickhouse.metrics_doc`; they also stand in the
database itself: `SELECT name, comment FROM system.tables WHERE database = 'skillpulse' AND engine = 'View'`.

**Arguments.** A view with arguments is called like a function, with all of them named:

```sql
SELECT * FROM activity(since = '2025-11-01', until = '2025-12-01',
    category = '', category_group = '', client_size = '', market = '', ai = '')
```

* `since`, `until`: the half-open range [since, until) of event time, UTC: `'2025-11-01'`, `'2025-11-01 06:30'` or any
  expression that gives a time in UTC, such as `now('UTC')`. A pane belongs to it if its start does.
* `category`, `category_group`, `client_size`, `market`: filters by one value; `''` is no filter.
* `ai`: `'true'` takes only posts whose work involves AI, `'false'` only others, `''` all.

The last five are "the five filters". A share is always posts of the item over all posts under the same filters.
"""


class Column(NamedTuple):
    """A documented column."""

    name: str
    kind: str
    comment: str


class View(NamedTuple):
    """A documented view; `formula`, `arguments` and `example` are empty where it has none."""

    name: str
    file: str
    definition: str
    formula: str
    arguments: str
    example: str
    parameters: tuple[str, ...]
    columns: tuple[Column, ...]


def documented(steps: Sequence[Step]) -> Iterator[View]:
    """The views with their comments, in the order of their files."""
    for step in steps:
        for found in _VIEW.finditer(step.sql):
            name, columns, body, comment = found.groups()
            parts = dict.fromkeys(("Definition", "Formula", "Arguments", "Example"), "")
            for line in f"Definition: {_plain(comment)}".split("\n"):
                part, _, text = line.partition(": ")
                parts[part] = text
            yield View(
                name,
                f"{step.name}.sql",
                parts["Definition"],
                parts["Formula"],
                parts["Arguments"],
                parts["Example"],
                tuple(dict.fromkeys(argument for argument, _ in _ARGUMENT.findall(body))),
                tuple(Column(n, kind, _plain(text)) for n, kind, text in _COLUMN.findall(columns or "")),
            )


def page(answer: Callable[[str], str]) -> str:
    """The whole page; `answer` gives the output of an example."""
    parts = [_INTRODUCTION]
    every = list(documented(views()))
    bounds = [number for number, *_ in _SECTIONS] + ["9999"]
    for (first, title, about), last in zip(_SECTIONS, bounds[1:], strict=True):
        within = [view for view in every if first <= view.file < last]
        if within:
            parts.append(f"## {title}\n{about}\n")
            parts.extend(_section(view, answer) for view in within)
    return "\n".join(parts)


def without_answers(text: str) -> str:
    """The page without the outputs, which depend on the posts."""
    return re.sub(r"```text\n.*?```", "```text\n```", text, flags=re.DOTALL)


def answered(text: str, answer: Callable[[str], str]) -> str:
    """The text with the output under each query made anew."""
    return _ANSWERED.sub(lambda found: f"{found[1]}{answer(found[2])}\n```", text)


def _section(view: View, answer: Callable[[str], str]) -> str:
    call = f"{view.name}({', '.join(view.parameters)})" if view.parameters else view.name
    lines = [f"### `{view.name}`", view.definition, "", f"`{call}`"]
    if view.formula:
        lines += ["", f"**Formula.** {view.formula}"]
    if view.arguments:
        lines += ["", f"**Arguments.** {view.arguments}"]
    if view.columns:
        lines += ["", "| column | type | meaning |", "| --- | --- | --- |"]
        lines += [f"| `{column.name}` | {column.kind} | {column.comment} |" for column in view.columns]
    if view.example:
        lines += ["", "```sql", view.example, "```", "```text", answer(view.example), "```"]
    return "\n".join(lines) + "\n"


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Columns and at most a few rows as aligned text."""
    shown = [[_cell(value) for value in row] for row in rows[:_SHOWN_ROWS]]
    widths = [max(map(len, column)) for column in zip(columns, *shown, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (columns, *shown)
    ]
    if len(rows) > _SHOWN_ROWS:
        lines.append(f"... {len(rows)} rows")
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_cell, value))
    return "" if value is None else str(value)


def _plain(text: str) -> str:
    return text.replace("''", "'")


def _outputs(text: str) -> dict[str, str]:
    """Example -> its output on the page, empty for an example that is not there."""
    found = re.findall(r"```sql\n([^`]*)\n```\n```text\n(.*?)\n?```", text, flags=re.DOTALL)
    return defaultdict(str, found)


def main() -> int:
    """Write the page, or with --check say whether its non-data part is up to date."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m sinks.clickhouse.metrics_doc")
    parser.add_argument(
        "--home", type=Path, default=Path(".skillpulse"), help="folder of a running embedded engine"
    )
    parser.add_argument("--check", action="store_true", help="only compare; exit status 1 if the page is old")
    parser.add_argument("--keep", action="store_true", help="leave the outputs as they are, mend the words")
    options = parser.parse_args()
    if options.keep:
        PAGE.write_text(page(_outputs(PAGE.read_text("utf-8")).__getitem__), "utf-8")
        return 0
    if options.check:
        fresh = without_answers(PAGE.read_text("utf-8")) == without_answers(page(lambda _: ""))
        print("docs/metrics.md is up to date" if fresh else "docs/metrics.md is old: make it anew")
        return 0 if fresh else 1
    endpoint = Home(options.home).endpoint()
    if endpoint is None:
        print(
            f"no embedded ClickHouse runs in {options.home}: start it with `skillpulse up`", file=sys.stderr
        )
        return 1
    with opened(Address(endpoint.url, endpoint.user, endpoint.password, "skillpulse")) as client:

        def answer(query: str) -> str:
            result = client.query(query)
            return table(result.column_names, result.result_rows)

        PAGE.write_text(page(answer), "utf-8")
        ANALYSTS.write_text(answered(ANALYSTS.read_text("utf-8"), answer), "utf-8")
    print(f"wrote {PAGE} and {ANALYSTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
