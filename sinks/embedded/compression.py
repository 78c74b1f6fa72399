"""Bodies compressed on the way in (pulled in bounded pieces, any number of frames) and on the way out."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO, Protocol, cast

import lz4.frame
import zstandard

from .errors import CANNOT_DECOMPRESS, NOT_IMPLEMENTED, ClickHouseError

_BROKEN = (OSError, EOFError, zlib.error, zstandard.ZstdError, RuntimeError)


class Compressor(Protocol):
    """One answer's compressor: pieces in, pieces out, the rest by flush()."""

    def compress(self, piece: bytes, /) -> bytes:
        """Some or no output for this piece."""

    def flush(self) -> bytes:
        """The rest of the output."""


class _Lz4Compressor:
    def __init__(self) -> None:
        self._frame = lz4.frame.LZ4FrameCompressor()
        self._head: bytes = self._frame.begin()

    def compress(self, piece: bytes, /) -> bytes:
        head, self._head = self._head, b""
        return head + cast(bytes, self._frame.compress(piece))

    def flush(self) -> bytes:
        return self._head + cast(bytes, self._frame.flush())


# In order of preference: on loopback the fastest wins.
_COMPRESSORS: dict[str, Callable[[], Compressor]] = {
    "lz4": _Lz4Compressor,
    "zstd": lambda: cast(Compressor, zstandard.ZstdCompressor(level=1).compressobj()),
    "gzip": lambda: zlib.compressobj(1, zlib.DEFLATED, 31),
    "deflate": lambda: zlib.compressobj(1),
}


def accepted(header: str) -> str | None:
    """The encoding to answer with for this Accept-Encoding header; None for none."""
    offered = {
        part.split(";")[0].strip().lower()
        for part in header.split(",")
        if ";q=0" not in part.replace(" ", "")
    }
    return next((name for name in _COMPRESSORS if name in offered), None)


def compressor(encoding: str) -> Compressor:
    """A new compressor for an encoding that accepted() returned."""
    return _COMPRESSORS[encoding]()


class _Guarded(io.RawIOBase):
    """A decompressing reader whose failures are ClickHouse errors."""

    def __init__(self, source: Any, encoding: str) -> None:
        self._source = source
        self._encoding = encoding

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any, /) -> int:
        try:
            piece = self._source.read(len(into))
        except _BROKEN as error:
            raise ClickHouseError(
                CANNOT_DECOMPRESS, f"Cannot decompress the request body ({self._encoding}): {error}."
            ) from error
        into[: len(piece)] = piece
        return len(piece)


class _Inflate(io.RawIOBase):
    """`Content-Encoding: deflate` (a zlib stream), read in bounded pieces."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._stream = zlib.decompressobj()

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any, /) -> int:
        while not self._stream.eof:
            piece = self._stream.unconsumed_tail or self._source.read(65536)
            plain = self._stream.decompress(piece, len(into))
            if plain:
                into[: len(plain)] = plain
                return len(plain)
            if not piece:
                raise EOFError("the stream ends early")
        return 0


_READERS: dict[str, Callable[[BinaryIO], Any]] = {
    "gzip": lambda source: gzip.GzipFile(fileobj=source),
    "deflate": _Inflate,
    "zstd": lambda source: zstandard.ZstdDecompressor().stream_reader(source, read_across_frames=True),
    "lz4": lz4.frame.LZ4FrameFile,
}


def decompressed(source: BinaryIO, encoding: str) -> BinaryIO:
    """The plain bytes of a body sent with this Content-Encoding.

    Clients put several frames into one body, so every reader here goes on after the first. Output is pulled,
    never more than asked for: a small body that unpacks to gigabytes costs no memory.
    Raises ClickHouseError (from here, or from read()) for an unknown encoding or broken content.
    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return source
    if encoding not in _READERS:
        raise ClickHouseError(
            NOT_IMPLEMENTED, f"Unknown Content-Encoding {encoding[:32]!r}: send one of {', '.join(_READERS)}."
        )
    return io.BufferedReader(_Guarded(_READERS[encoding](source), encoding), buffer_size=1 << 16)
