from __future__ import annotations

import gzip
import io
import tracemalloc
import zlib
from collections.abc import Callable

import lz4.frame
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from sinks.embedded.compression import accepted, compressor, decompressed
from sinks.embedded.errors import ClickHouseError

PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "lz4": lz4.frame.compress,
}


@given(st.sampled_from(sorted(PACK)), st.lists(st.binary(max_size=20_000), max_size=5))
def test_all_frames_come_back_whole(encoding: str, parts: list[bytes]) -> None:
    body = b"".join(PACK[encoding](part) for part in parts)
    assert decompressed(io.BytesIO(body), encoding).read() == b"".join(parts)


@given(st.sampled_from(sorted(PACK)), st.lists(st.binary(max_size=5000), max_size=5))
def test_an_answer_survives_the_way(encoding: str, pieces: list[bytes]) -> None:
    packer = compressor(encoding)
    packed = b"".join([*(packer.compress(piece) for piece in pieces), packer.flush()])
    assert decompressed(io.BytesIO(packed), encoding).read() == b"".join(pieces)


@given(st.sampled_from(sorted(PACK)), st.binary(min_size=1, max_size=5000), st.data())
def test_a_cut_frame_is_never_the_end(encoding: str, plain: bytes, draw: st.DataObject) -> None:
    whole = PACK[encoding](plain)
    cut = whole[: draw.draw(st.integers(1, len(whole) - 1))]
    with pytest.raises(ClickHouseError) as refused:
        decompressed(io.BytesIO(cut), encoding).read()
    assert refused.value.code == 271


@pytest.mark.parametrize("encoding", sorted(PACK))
def test_a_small_body_that_unpacks_to_gigabytes_costs_little(encoding: str) -> None:
    bomb = PACK[encoding](bytes(200_000_000))
    tracemalloc.start()
    try:
        reader = decompressed(io.BytesIO(bomb), encoding)
        assert reader.read(1000) == bytes(1000)
        assert tracemalloc.get_traced_memory()[1] < 70_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("", None),
        ("identity", None),
        ("br", None),
        ("lz4,zstd,gzip,deflate", "lz4"),
        ("deflate, gzip, br, zstd", "zstd"),
        ("GZIP;q=0.5", "gzip"),
        ("gzip;q=0, deflate", "deflate"),
    ],
)
def test_the_encoding_of_the_answer(header: str, chosen: str | None) -> None:
    assert accepted(header) == chosen
