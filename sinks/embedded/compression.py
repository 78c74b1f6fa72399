"""Bodies compressed on the way in (pulled in bounded pieces, any number of frames) and on the way out."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO, Protocol, cast

import lz4.frame
import zstandard

from .errors import CANNOT_DECOMPRESS, NOT_IMPLEMENTED, ClickHouseError

_REFUSED = re.compile(r"q=0(?:\.0*)?\Z")
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
    parts = [part.partition(";") for part in header.lower().split(",")]
    offered = {name.strip() for name, _, weight in parts if not _REFUSED.match(weight.replace(" ", ""))}
    return next((name for name in _COMPRESSORS if name in offered), None)


def compressor(encoding: str) -> Compressor:
    """A new compressor for an encoding that accepted() returned."""
    return _COMPRESSORS[encoding]()


class _Frame(Protocol):
    """One compressed frame being read."""

    eof: bool
    unused_data: bytes

    def decompress(self, piece: bytes, /) -> bytes:
        """The plain bytes of this piece."""


_FRAMES: dict[str, Callable[[], _Frame]] = {
    "lz4": lambda: cast(_Frame, lz4.frame.LZ4FrameDecompressor()),
    "zstd": lambda: cast(_Frame, zstandard.ZstdDecompressor().decompressobj()),
    "gzip": lambda: cast(_Frame, zlib.decompressobj(31)),
    "deflate": lambda: cast(_Frame, zlib.decompressobj()),
}
# Read at a time: zstd can make 128 kB of 4 bytes, so one step unpacks to 64 MB at the very most.
_STEP = 2048


class _Frames(io.RawIOBase):
    """The plain content of frame after frame; an end in the middle of one is an error."""

    def __init__(self, source: BinaryIO, encoding: str) -> None:
        self._source = source
        self._encoding = encoding
        self._frame: _Frame | None = None
        self._packed = b""
        self._plain = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any, /) -> int:
        while not self._plain:
            self._packed = self._packed or self._source.read(_STEP)
            if not self._packed:
                if self._frame is not None:
                    raise self._broken("it ends early")
                return 0
            self._unpack()
        size = min(len(into), len(self._plain))
        into[:size] = self._plain[:size]
        self._plain = self._plain[size:]
        return size

    def _unpack(self) -> None:
        self._frame = self._frame or _FRAMES[self._encoding]()
        try:
            self._plain = memoryview(self._frame.decompress(self._packed))
        except _BROKEN as error:
            raise self._broken(str(error)) from error
        self._packed = b""
        if self._frame.eof:
            self._packed = self._frame.unused_data
            self._frame = None

    def _broken(self, reason: str) -> ClickHouseError:
        return ClickHouseError(CANNOT_DECOMPRESS, f"Cannot decompress the body ({self._encoding}): {reason}.")


def decompressed(source: BinaryIO, encoding: str) -> BinaryIO:
    """The plain bytes of a body sent with this Content-Encoding.

    Clients put several frames into one body: all are read. Output is made in bounded steps as it is pulled,
    so a small body that unpacks to gigabytes costs no memory.
    Raises ClickHouseError (from here, or from read()) for an unknown encoding or broken content.
    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return source
    if encoding not in _FRAMES:
        raise ClickHouseError(
            NOT_IMPLEMENTED, f"Unknown Content-Encoding {encoding[:32]!r}: send one of {', '.join(_FRAMES)}."
        )
    return io.BufferedReader(_Frames(source, encoding), buffer_size=1 << 16)
