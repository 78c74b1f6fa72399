"""The report as Markdown: the same sentences and tables, charts as their descriptions."""

import re
from collections.abc import Iterator
from typing import Final

from reports.section import Report, Section, Table

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>|#~&!])")


def markdown(report: Report) -> str:
    """The whole page; what looks like markup in a name is escaped."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield from (f"# {_text(report.title)}", "", _text(report.standfirst), "")
    for warning in report.warnings:
        yield from (f"> **Note.** {_text(warning)}", "")
    yield from ("## Headline findings", "")
    yield from (f"- {_text(sentence)}" for sentence in report.headlines)
    yield ""
    for section in report.sections:
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    yield from (f"## {_text(section.title)}", "")
    for sentence in section.sentences + section.notes:
        yield from (_text(sentence), "")
    for table in section.tables:
        yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    yield from (f"**{_text(table.caption)}**", "")
    yield _row(table.head)
    yield _row(tuple("---" if at in table.texts else "--:" for at in range(len(table.head))), escape=False)
    for row in table.rows:
        yield _row(row)
    yield ""


def _row(cells: tuple[str, ...], escape: bool = True) -> str:
    return f"| {' | '.join(map(_text, cells) if escape else cells)} |"


def _text(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split(" ")).replace("\n", " "))
