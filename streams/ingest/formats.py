"""Rows out of JSONL, JSON, CSV and Parquet; memory is bounded by a line, a batch, or for JSON the document."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from typing import IO, Any, Final

import msgspec
import pyarrow
import pyarrow.parquet

from schemas import limits
from streams.files import STANDARD, FileFault, bare_name
from streams.ingest.row import Row

LONGEST_LINE: Final = 16 * limits.MAX_DESCRIPTION
"""Bytes of one line, 1 MiB: more than any valid post in any escaping, and what brokers take by default."""

LARGEST_DOCUMENT: Final = 256 * 1024 * 1024
"""Bytes of one JSON document, which has to fit into memory; JSONL has no such limit."""

_BATCH: Final = 1_000  # rows of Parquet held as Python objects: a few MB

Reader = Callable[[IO[bytes]], Iterator[Row]]


def reader_for(name: str, given: str | None) -> Reader:
    """The reader of file `name`: by the `given` format, else by its ending. Raises FileFault."""
    if given:
        return FORMATS[given]
    if name == STANDARD:
        return jsonl_rows
    ending = bare_name(name).rpartition(".")[2]
    if ending not in _ENDINGS:
        raise FileFault(f"{name}: the ending tells no format: use --format {'|'.join(FORMATS)}")
    return FORMATS[_ENDINGS[ending]]


def jsonl_rows(file: IO[bytes]) -> Iterator[Row]:
    """One row a line, unparsed; blank lines are skipped, and the mark that some tools begin a file with."""
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            yield Row(number, fault=f"the line is longer than {LONGEST_LINE:,} bytes")
        elif text := line.removeprefix(BOM_UTF8).strip():
            yield Row(number, raw=text)


def json_rows(file: IO[bytes]) -> Iterator[Row]:
    """The objects of one JSON document: a list of them, one alone, or those of a JSON-LD `@graph`."""
    text = file.read(LARGEST_DOCUMENT + 1)
    if len(text) > LARGEST_DOCUMENT:
        yield Row(1, fault=f"the document is larger than {LARGEST_DOCUMENT:,} bytes: use JSONL")
        return
    try:
        document: Any = msgspec.json.decode(text.removeprefix(BOM_UTF8))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        yield Row(1, fault=f"not one JSON document: {error}")
        return
    if isinstance(document, dict):
        document = document.get("@graph", [document])
    for number, item in enumerate(document if isinstance(document, list) else [document], start=1):
        if isinstance(item, dict):
            yield Row(number, fields=item)
        else:
            yield Row(number, fault=f"expected an object, got {type(item).__name__}")


def csv_rows(file: IO[bytes]) -> Iterator[Row]:
    """One row a record after the header line; commas, semicolons and tabs are told apart by the header."""
    # surrogates mark bytes that are no UTF-8, so that one bad row does not end the file
    text = io.TextIOWrapper(file, "utf-8-sig", "surrogateescape", newline="")
    try:
        yield from _records(text)
    finally:
        text.detach()  # the file belongs to the caller, who closes it


def _records(text: io.TextIOWrapper) -> Iterator[Row]:
    head = text.readline(LONGEST_LINE)
    if len(head) == LONGEST_LINE:  # as of a file that is none of lines
        yield Row(1, fault=f"the header is longer than {LONGEST_LINE:,} letters")
        return
    csv.field_size_limit(LONGEST_LINE)
    delimiter = max(",;\t|", key=head.count)
    columns = [column.strip() for column in next(csv.reader([head], delimiter=delimiter), [])]
    if not columns:
        return
    lines = _Lines(text)
    records = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        number = lines.read + 2  # the record's first line, after the header
        try:
            record = next(records)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(number, fault=f"not CSV: {error}")
            continue
        if record:
            yield _csv_row(number, columns, record)


class _Lines:
    """The lines of a text; one that is too long is passed over, with a csv.Error in its place."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.read = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.read += 1
        if len(line) < LONGEST_LINE or line.endswith("\n"):
            return line
        while (rest := self._text.readline(LONGEST_LINE)) and not rest.endswith("\n"):
            pass
        raise csv.Error(f"the line is longer than {LONGEST_LINE:,} letters")


def _csv_row(number: int, columns: list[str], record: list[str]) -> Row:
    if len(record) != len(columns):
        return Row(number, fault=f"{len(record)} fields where the header has {len(columns)}")
    for field in record:
        if not field.isascii() and any("\ud800" <= letter <= "\udfff" for letter in field):
            return Row(number, fault="not UTF-8")
    return Row(number, fields=dict(zip(columns, record, strict=True)))


def parquet_rows(file: IO[bytes]) -> Iterator[Row]:
    """One row a record."""
    number = 0
    try:
        for batch in pyarrow.parquet.ParquetFile(file).iter_batches(batch_size=_BATCH):
            yield from _batch_rows(batch, number + 1)
            number += batch.num_rows
    except (pyarrow.ArrowException, OSError) as error:
        first = str(error).partition("\n")[0]
        yield Row(number + 1, fault=f"not Parquet that can be read: {first}")


def _batch_rows(batch: pyarrow.RecordBatch, number: int) -> Iterator[Row]:
    """The rows from `number` on; those that Python has no value for, as the year 10000, are bad alone."""
    try:
        rows = [_with_text(fields) for fields in batch.to_pylist()]
    except (ValueError, OverflowError) as error:
        if batch.num_rows == 1:
            yield Row(number, fault=f"a value that cannot be read: {error}")
            return
        for index in range(batch.num_rows):
            yield from _batch_rows(batch.slice(index, 1), number + index)
        return
    for at, fields in enumerate(rows, start=number):
        yield Row(at, fields=fields)


def _with_text(value: Any) -> Any:
    """The value with text in place of bytes: some writers do not say that their columns are text."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, list):
        return [_with_text(each) for each in value]
    if isinstance(value, dict):
        return {name: _with_text(each) for name, each in value.items()}
    return value


FORMATS: Final[dict[str, Reader]] = {
    "jsonl": jsonl_rows,
    "json": json_rows,
    "csv": csv_rows,
    "parquet": parquet_rows,
}
"""Name -> reader."""

_ENDINGS: Final = {
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "json": "json",
    "jsonld": "json",
    "csv": "csv",
    "tsv": "csv",
    "parquet": "parquet",
}
