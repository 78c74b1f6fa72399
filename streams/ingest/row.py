"""One row of a file, readable or not."""

from typing import Any, Final, NamedTuple

UNREADABLE: Final = "unreadable"
"""Reason of rows that do not even hold fields: a broken line, another encoding, a value of no known form."""


class Row(NamedTuple):
    """One row at line (or record) `number`, from 1 on.

    Exactly one of the three is given: `raw` is a line of JSONL as it stands, `fields` the columns of another
    format, `fault` why there are neither.
    """

    number: int
    raw: bytes = b""
    fields: dict[str, Any] | None = None
    fault: str = ""
