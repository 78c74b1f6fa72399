import gzip
import io
import json
import tracemalloc
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from streams.files import FileFault, reading, writing
from streams.ingest.formats import LONGEST_LINE, csv_rows, json_rows, jsonl_rows, parquet_rows, reader_for
from streams.ingest.row import Row


def test_jsonl_rows_carry_their_line_numbers() -> None:
    rows = list(jsonl_rows(io.BytesIO(b'{"a":1}\r\n\n  \n{"b":2}')))
    assert rows == [Row(1, raw=b'{"a":1}'), Row(4, raw=b'{"b":2}')]


def test_the_mark_of_utf_8_is_no_part_of_a_row() -> None:
    marked = b"\xef\xbb\xbf" + b'{"a":1}\n'
    assert [row.raw for row in jsonl_rows(io.BytesIO(2 * marked))] == [b'{"a":1}', b'{"a":1}']
    assert [row.fields for row in json_rows(io.BytesIO(marked))] == [{"a": 1}]


def test_an_endless_line_is_one_bad_row() -> None:
    file = io.BytesIO(b"x" * (2 * LONGEST_LINE + 5) + b"\n" + b'{"b":2}\n')
    first, second = jsonl_rows(file)
    assert "longer than" in first.fault
    assert second == Row(2, raw=b'{"b":2}')


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        pytest.param('[{"title":"a"},{"title":"b"}]', ["a", "b"], id="list"),
        pytest.param('{"title":"a"}', ["a"], id="one object"),
        pytest.param('{"@context":"https://schema.org","@graph":[{"title":"a"}]}', ["a"], id="graph"),
    ],
)
def test_json_documents(text: str, titles: list[str]) -> None:
    assert [(row.fields or {})["title"] for row in json_rows(io.BytesIO(text.encode()))] == titles


@pytest.mark.parametrize("text", [b"{", b"[1]", b"\xff", b"[" * 100_000])
def test_what_is_no_document_of_objects_is_a_bad_row(text: bytes) -> None:
    (row,) = json_rows(io.BytesIO(text))
    assert row.fault


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_with_any_delimiter(delimiter: str) -> None:
    text = f'id{delimiter}title\n1{delimiter}"two{delimiter} words\nand a line"\n2{delimiter}x\n'
    rows = list(csv_rows(io.BytesIO(text.encode("utf-8-sig"))))
    assert rows[0] == Row(2, fields={"id": "1", "title": f"two{delimiter} words\nand a line"})
    assert rows[1] == Row(4, fields={"id": "2", "title": "x"})


def test_broken_csv_rows_do_not_end_the_file() -> None:
    text = b'id,title\n1,fine\n2,too,many\n3,caf\xe9\n4,"a"b\n5,fine\n'
    rows = list(csv_rows(io.BytesIO(text)))
    assert [row.number for row in rows] == [2, 3, 4, 5, 6]
    assert [bool(row.fault) for row in rows] == [False, True, True, True, False]
    assert "3 fields where the header has 2" in rows[1].fault
    assert rows[2].fault == "not UTF-8"


def test_a_line_of_csv_without_an_end_is_one_bad_row_and_fills_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    for head, numbers in ((b"", [1]), (b'id,title\n1,"two\nlines"\n', [2, 4, 5])):
        path.write_bytes(head + b"x" * (24 * LONGEST_LINE) + b"\n3,c\n")
        tracemalloc.start()
        try:
            with path.open("rb") as file:
                rows = list(csv_rows(file))
            assert tracemalloc.get_traced_memory()[1] < 12 * LONGEST_LINE
        finally:
            tracemalloc.stop()
        assert [row.number for row in rows] == numbers
        assert [row.number for row in rows if "longer than" in row.fault] == [min(4, numbers[-1])]


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "posts.parquet"
    pq.write_table(pa.table({"id": ["1", "2"], "skills": [["a"], None]}), path)
    with path.open("rb") as file:
        assert [row.fields for row in parquet_rows(file)] == [
            {"id": "1", "skills": ["a"]},
            {"id": "2", "skills": None},
        ]
    (row,) = parquet_rows(io.BytesIO(b"no parquet at all"))
    assert "not Parquet" in row.fault


def test_a_value_of_parquet_that_cannot_be_read_is_one_bad_row(tmp_path: Path) -> None:
    path = tmp_path / "posts.parquet"
    seconds = pa.array([0, 10**15, 1, 2], pa.timestamp("ms"))
    ids = pa.array([b"1", b"2", b"\xff", b"4"], pa.binary())
    tags = pa.array([[b"a"], [], [], []], pa.list_(pa.binary()))
    pq.write_table(pa.table({"id": ids, "at": seconds, "skills": tags}), path)
    with path.open("rb") as file:
        rows = list(parquet_rows(file))
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert [bool(row.fault) for row in rows] == [False, True, True, False]
    assert rows[0].fields == {"id": "1", "at": datetime(1970, 1, 1), "skills": ["a"]}


@pytest.mark.parametrize("ending", ["", ".gz", ".zst"])
def test_written_files_are_read_again_and_equal_for_equal_bytes(tmp_path: Path, ending: str) -> None:
    names = [str(tmp_path / f"{number}.jsonl{ending}") for number in range(2)]
    for name in names:
        with writing(name) as out:
            out.write(b'{"a":1}\n' * 50_000)
    with reading(names[0]) as (content, _):
        assert sum(row.raw == b'{"a":1}' for row in jsonl_rows(content)) == 50_000
    assert Path(names[0]).read_bytes() == Path(names[1]).read_bytes()


def test_compressed_files_in_several_parts_are_read_whole(tmp_path: Path) -> None:
    for ending, compress in ((".gz", gzip.compress), (".zst", zstandard.ZstdCompressor().compress)):
        path = tmp_path / f"posts.jsonl{ending}"
        path.write_bytes(compress(b"1\n") + compress(b"2\n"))
        with reading(str(path)) as (content, _):
            assert [row.raw for row in jsonl_rows(content)] == [b"1", b"2"]


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_a_file_cut_off_or_of_another_kind_is_said(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"posts.jsonl{ending}"
    path.write_bytes(json.dumps({"not": "compressed"}).encode())
    with pytest.raises(FileFault, match="posts.jsonl"), reading(str(path)) as (content, _):
        list(jsonl_rows(content))


@pytest.mark.parametrize(
    ("ending", "compress"), [(".gz", gzip.compress), (".zst", zstandard.ZstdCompressor().compress)]
)
def test_a_file_that_was_cut_off_is_not_taken_for_a_whole_one(
    tmp_path: Path, ending: str, compress: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / f"posts.jsonl{ending}"
    whole = compress(b"".join(b'{"post_id":"%d"}\n' % number**9 for number in range(1, 20_000)))
    for cut_off in (whole[:-1], whole[: len(whole) // 2], whole + whole[:9]):
        path.write_bytes(cut_off)
        with pytest.raises(FileFault, match="posts.jsonl"), reading(str(path)) as (content, _):
            list(jsonl_rows(content))


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl.gz"
    whole = gzip.compress(b"".join(b'{"post_id":"%d"}\n' % number**9 for number in range(1, 2_000)))
    for place in range(10, len(whole) - 8, len(whole) // 100):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(FileFault, match="posts.jsonl"), reading(str(path)) as (content, _):
            content.read()


def test_a_missing_file_and_an_unknown_ending_are_said(tmp_path: Path) -> None:
    with pytest.raises(FileFault, match="No such file"), reading(str(tmp_path / "no.jsonl")):
        pass
    with pytest.raises(FileFault, match="--format"):
        reader_for("posts.xlsx", None)
    assert reader_for("posts.xlsx", "csv") is csv_rows
    assert reader_for("POSTS.CSV.GZ", None) is csv_rows
