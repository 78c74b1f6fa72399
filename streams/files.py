"""Files as streams of bytes, compressed by their ending; `-` is standard input or output."""

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any, Final

import pyarrow
import zstandard

from schemas.faults import Fault

STANDARD: Final = "-"

_BUFFER: Final = 1 << 20  # bytes; the decompressor is asked once a megabyte, not once a line

_ZST_LEVEL: Final = 3  # the library's default: about as fast as a disk writes


class FileFault(Fault):
    """A file cannot be read or written; the user mends the path or the rights and calls again."""


def bare_name(name: str) -> str:
    """The lower-case file name without its ending for compression: `A.jsonl.gz` -> `a.jsonl`."""
    return Path(name).name.lower().removesuffix(".gz").removesuffix(".zst")


@contextmanager
def reading(name: str) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """(content, raw): the file's bytes decompressed, and the raw file, whose `tell` is progress.

    Raises FileFault for what the operating system or the decompressor refuses, also while reading.
    """
    try:
        with _raw(name) as raw:
            yield _decompressed(name, raw), raw
    except (OSError, EOFError, zlib.error) as error:
        raise FileFault(f"{name}: {_reason(error)}") from error


@contextmanager
def writing(name: str) -> Iterator[IO[bytes]]:
    """Where to write the file's bytes before compression; equal bytes make equal files. Raises FileFault."""
    try:
        if name == STANDARD:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
            return
        with Path(name).open("wb") as raw, _compressed(name, raw) as out:
            yield out
    except OSError as error:
        raise FileFault(f"{name}: {_reason(error)}") from error


def _raw(name: str) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(sys.stdin.buffer) if name == STANDARD else Path(name).open("rb")


def _decompressed(name: str, raw: IO[bytes]) -> Any:
    if name.lower().endswith(".gz"):
        return gzip.open(raw)
    if name.lower().endswith(".zst"):
        # zstandard's own reader takes a file that was cut off for a whole one
        packed = pyarrow.PythonFile(raw, "r")  # type: ignore[arg-type]  # the stubs name io.IOBase
        return io.BufferedReader(pyarrow.CompressedInputStream(packed, "zstd"), _BUFFER)
    return raw


def _compressed(name: str, raw: IO[bytes]) -> Any:
    if name.lower().endswith(".gz"):
        # no name and no time in the header: the same posts give the same file
        return gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=raw, mtime=0)
    if name.lower().endswith(".zst"):
        return zstandard.ZstdCompressor(level=_ZST_LEVEL).stream_writer(raw)
    return raw


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or "unreadable"
