"""The little of SQL that HTTP needs: where an INSERT's data begins, and which format an answer is in.

Everything that decides about access asks the engine's own parser (gate.py), never this one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from .errors import SYNTAX_ERROR, ClickHouseError

_TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|\#[ !][^\n]*|/\*.*?(?:\*/|\Z))
      | (?P<quoted>'(?:[^'\\]+|\\.|'')*(?:'|\Z) | "(?:[^"\\]+|\\.|"")*(?:"|\Z) | `(?:[^`\\]+|\\.|``)*(?:`|\Z)
        | \$(?P<tag>[A-Za-z0-9_]*)\$.*?(?:\$(?P=tag)\$|\Z))
      | (?P<word>[A-Za-z_][A-Za-z0-9_$]*)
      | (?P<other>[0-9][A-Za-z0-9_.]*|.)""",
    re.VERBOSE | re.DOTALL,
)
_BEFORE_DATA = re.compile(r"[ \t\f]*\r?\n?")


@dataclass(frozen=True)
class Insert:
    """An INSERT whose rows follow in the body: `INSERT INTO t (a) FORMAT CSV` + rows."""

    sql: str  # without FORMAT or VALUES
    format: str
    data_from: int  # index of the first byte of data in the head that was read

    def from_file(self, name: str) -> str:
        """The same insert, with its rows in the file of that quoted name, which a SETTINGS clause comes after."""
        clauses = (token for token in tokens(self.sql) if token.depth == 0 and token.kind == "word")
        settings = next((word.start for word in clauses if word.text.upper() == "SETTINGS"), len(self.sql))
        return f"{self.sql[:settings]} FROM INFILE {name} {self.sql[settings:]} FORMAT {self.format}"


@dataclass(frozen=True)
class Token:
    """A word, quoted text or other character of a statement, outside comments."""

    kind: str
    text: str
    start: int
    end: int
    depth: int  # of open parentheses


def tokens(text: str) -> Iterator[Token]:
    """The statement's tokens without blanks and comments."""
    depth = 0
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or "other"
        if kind == "space":
            continue
        if found[0] in ")]}":
            depth -= 1
        yield Token(kind, found[0], found.start(), found.end(), depth)
        if found[0] in "([{":
            depth += 1


def insert_with_data(head: bytes) -> Insert | None:
    """The insert whose head begins this body, or None when the body is another statement.

    `INSERT INTO t FORMAT X` and `INSERT INTO t VALUES` take data; INSERT ... SELECT and FROM INFILE do not.
    """
    text = head.decode("latin-1")  # one character per byte: positions are byte offsets
    stream = (token for token in tokens(text) if token.depth == 0)
    first = next(stream, None)
    if first is None or first.text.upper() != "INSERT":
        return None
    for token in stream:
        keyword = token.text.upper() if token.kind == "word" else ""
        if keyword in ("SELECT", "WITH", "FROM", "WATCH"):
            return None
        if keyword == "VALUES":
            return Insert(_sql(head, token.start), "Values", token.end)
        if keyword == "FORMAT":
            name = next(stream, None)
            if name is None or name.kind != "word":
                return None
            begin = _BEFORE_DATA.match(text, name.end)
            return Insert(_sql(head, token.start), name.text, begin.end() if begin else name.end)
    return None


def _sql(head: bytes, end: int) -> str:
    return decoded(head[:end]).strip()


def decoded(sql: bytes) -> str:
    """The statement as text; raises ClickHouseError when it is not UTF-8."""
    try:
        return sql.decode()
    except UnicodeDecodeError as error:
        raise ClickHouseError(
            SYNTAX_ERROR, f"Syntax error: the statement is not UTF-8 (byte {error.start})."
        ) from None


def output_format(sql: str) -> str | None:
    """The format named by a trailing `FORMAT x` (a SETTINGS clause or semicolons may follow), or None."""
    kept = [token for token in tokens(sql) if token.depth == 0]
    for at in range(len(kept) - 2, -1, -1):
        if kept[at].kind == "word" and kept[at].text.upper() == "FORMAT" and kept[at + 1].kind == "word":
            after = kept[at + 2].text.upper() if at + 2 < len(kept) else ";"
            return kept[at + 1].text if after in (";", "SETTINGS") else None
    return None


def is_select(sql: str) -> bool:
    """Whether the statement is a SELECT, the only kind whose result the engine hands out in pieces."""
    first = next(tokens(sql), None)
    return first is not None and first.text.upper() in ("SELECT", "WITH", "FROM", "(")


def has_rows_apart(sql: str) -> bool:
    """Whether totals or extremes may follow the rows: the engine leaves them out of a result in pieces."""
    words = [token.text.upper() for token in tokens(sql)]
    return "EXTREMES" in words or ("WITH", "TOTALS") in pairwise(words)
