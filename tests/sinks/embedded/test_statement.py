from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinks.embedded.statement import insert_with_data, is_select, output_format


@pytest.mark.parametrize(
    ("head", "sql", "format", "rows"),
    [
        pytest.param(
            b"INSERT INTO t FORMAT CSV\n1,2", "INSERT INTO t", "CSV", b"1,2", id="format and newline"
        ),
        pytest.param(
            b"INSERT INTO t FORMAT CSV 1,2", "INSERT INTO t", "CSV", b"1,2", id="rows on the same line"
        ),
        pytest.param(
            b"insert into t format TSV\r\n\n1", "insert into t", "TSV", b"\n1", id="only one newline goes"
        ),
        pytest.param(
            b"INSERT INTO t (a, `b)`) VALUES (1)", "INSERT INTO t (a, `b)`)", "Values", b" (1)", id="values"
        ),
        pytest.param(
            b"/* FORMAT X */ INSERT INTO t -- FORMAT Y\nFORMAT CSV\n1", None, "CSV", b"1", id="comments"
        ),
        pytest.param(
            b"INSERT INTO t (`FORMAT`) FORMAT Native\n\x00FORMAT", None, "Native", b"\x00FORMAT", id="binary"
        ),
        pytest.param(
            b"INSERT INTO t SETTINGS x=1 FORMAT CSV\n",
            "INSERT INTO t SETTINGS x=1",
            "CSV",
            b"",
            id="settings",
        ),
    ],
)
def test_insert_is_split_from_its_rows(head: bytes, sql: str | None, format: str, rows: bytes) -> None:
    insert = insert_with_data(head)
    assert insert is not None
    assert insert.format == format
    assert head[insert.data_from :] == rows
    if sql is not None:
        assert insert.sql == sql


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"SELECT 1 FORMAT CSV",
        b"INSERT INTO t SELECT 1",
        b"INSERT INTO t WITH 1 AS x SELECT x",
        b"INSERT INTO t FROM INFILE 'a' FORMAT CSV",
        b"INSERT INTO t",
        b"INSERT INTO t FORMAT",
        b"EXPLAIN AST INSERT INTO t VALUES",
    ],
)
def test_other_statements_have_no_rows(head: bytes) -> None:
    assert insert_with_data(head) is None


@pytest.mark.parametrize(
    ("sql", "format"),
    [
        pytest.param("SELECT 1", None, id="none"),
        pytest.param("SELECT 1 FORMAT CSV", "CSV", id="plain"),
        pytest.param("SELECT 1\n FORMAT Native", "Native", id="as clickhouse-connect appends it"),
        pytest.param("SELECT 1 FORMAT CSV;", "CSV", id="semicolon"),
        pytest.param("SELECT 1 FORMAT CSV SETTINGS max_threads=1", "CSV", id="settings behind"),
        pytest.param("SELECT 1 SETTINGS max_threads=1 FORMAT CSV -- FORMAT JSON", "CSV", id="comment behind"),
        pytest.param("SELECT 'FORMAT CSV'", None, id="in a string"),
        pytest.param("SELECT (SELECT 1 FORMAT CSV)", None, id="in a subquery"),
        pytest.param("SELECT format FROM t", None, id="a column of that name"),
        pytest.param("SELECT $$'$$ FORMAT CSV", "CSV", id="behind text between dollars"),
        pytest.param("SELECT $a$ FORMAT JSON $$ $a$ FORMAT CSV", "CSV", id="behind text with a tag"),
        pytest.param("SELECT a$b$c FORMAT CSV", "CSV", id="behind a name with dollars"),
    ],
)
def test_output_format(sql: str, format: str | None) -> None:
    assert output_format(sql) == format


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT 1", True),
        ("-- x\n(SELECT 1)", True),
        ("WITH 1 AS x SELECT x", True),
        ("SHOW TABLES", False),
        ("", False),
    ],
)
def test_is_select(sql: str, expected: bool) -> None:
    assert is_select(sql) is expected


@given(st.binary(max_size=300))
def test_any_head_is_taken_apart_without_an_error(head: bytes) -> None:
    insert = insert_with_data(b"INSERT INTO t FORMAT Native\n" + head)
    assert insert is not None
    assert insert.data_from == 28
    insert_with_data(head)
    output_format(head.decode("utf-8", "surrogateescape"))


@given(st.text(alphabet="'\"`\\() \nFORMATINSER--/*", max_size=200))
def test_unbalanced_text_is_no_trouble(text: str) -> None:
    insert_with_data(f"INSERT {text}".encode())
    output_format(text)
