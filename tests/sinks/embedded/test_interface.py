from __future__ import annotations

import gzip
import json
import socket
import time
import urllib.request
import zlib
from collections.abc import Callable

import lz4.frame
import pytest
import zstandard

from sinks.embedded.limits import DEFAULT

from .http import Http


def test_health(http: Http) -> None:
    assert http.send(path="/ping").text == "Ok.\n"
    assert http.send(path="/").text == "Ok.\n"
    shown = json.loads(http.send(path="/health").text)
    assert shown["status"] == "ok"
    assert shown["version"].startswith("2")


@pytest.mark.parametrize(
    ("parameters", "body", "answer"),
    [
        pytest.param({"query": "SELECT 1"}, b"", "1\n", id="in the URL"),
        pytest.param({}, b"SELECT 1", "1\n", id="in the body"),
        pytest.param({"query": "SELECT 1"}, b" FORMAT JSONEachRow", '{"1":1}\n', id="begun in the URL"),
        pytest.param({"default_format": "CSV"}, b"SELECT 1, 'a'", '1,"a"\n', id="default format"),
        pytest.param({"database": "system"}, b"SELECT count() > 0 FROM tables", "1\n", id="database"),
        pytest.param({"param_x": "a\\tb"}, b"SELECT length({x:String})", "3\n", id="parameter, escaped"),
        pytest.param(
            {"param_x": "['a\\'b','c']"}, b"SELECT {x:Array(String)}[1]", "a\\'b\n", id="array parameter"
        ),
        pytest.param(
            {"param_t": "one"}, b"SELECT count() FROM system.{t:Identifier}", "1\n", id="identifier parameter"
        ),
        pytest.param({"max_block_size": "7"}, b"SELECT getSetting('max_block_size')", "7\n", id="setting"),
        pytest.param({"log_comment": "x"}, b"SELECT getSetting('log_comment')", "x\n", id="comment"),
    ],
)
def test_a_query_and_its_surroundings(
    http: Http, parameters: dict[str, str], body: bytes, answer: str
) -> None:
    assert http.write(body, **parameters).text == answer


@pytest.mark.parametrize(
    ("sql", "answer"),
    [
        pytest.param(
            "SELECT number % 2 AS odd, count() FROM numbers(5) GROUP BY odd WITH TOTALS ORDER BY odd",
            "0\t3\n1\t2\n\n0\t5\n",
            id="totals",
        ),
        pytest.param(
            "SELECT number FROM numbers(3) SETTINGS extremes = 1", "0\n1\n2\n\n0\n2\n", id="extremes"
        ),
    ],
)
def test_totals_and_extremes_follow_the_rows(http: Http, sql: str, answer: str) -> None:
    assert http.write(sql).text == answer


def exchanged(http: Http, *requests: str) -> bytes:
    """What comes back for requests that are sent at once over one connection, until it is closed."""
    with socket.create_connection((http.endpoint.host, http.endpoint.port), timeout=60) as connection:
        connection.sendall("".join(requests).encode())
        return b"".join(iter(lambda: connection.recv(1 << 16), b""))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param("user=skillpulse_analyst", b"HTTP/1.1 100 Continue\r\n\r\n", id="welcome"),
        pytest.param("user=nobody", b"HTTP/1.1 403 Forbidden\r\n", id="refused before the body"),
    ],
)
def test_a_client_that_asks_before_it_sends_the_body_is_told(http: Http, query: str, said: bytes) -> None:
    with socket.create_connection((http.endpoint.host, http.endpoint.port), timeout=10) as connection:
        head = f"POST /?{query} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 8\r\n"
        connection.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
        assert connection.recv(1 << 16).startswith(said)
        if b"100" in said:
            connection.sendall(b"SELECT 1")
            answer = b"".join(iter(lambda: connection.recv(1 << 16), b""))
            assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
            assert answer.endswith(b"\r\n\r\n1\n")


NUMBERS = "/?user=skillpulse_analyst&query=SELECT+number+FROM+numbers(1000000)"


def test_a_head_of_a_large_answer_has_no_body(http: Http) -> None:
    host = "HTTP/1.1\r\nHost: localhost\r\n"
    answers = exchanged(
        http, f"HEAD {NUMBERS} {host}\r\n", f"GET /ping {host}Connection: close\r\n\r\n"
    ).split(b"\r\n\r\n")
    assert [answer.partition(b"\r\n")[0] for answer in answers] == [b"HTTP/1.1 200 OK"] * 2 + [b"Ok.\n"]


def test_a_large_answer_to_http_1_0_ends_with_the_connection(http: Http) -> None:
    head, _, body = exchanged(http, f"GET {NUMBERS} HTTP/1.0\r\nHost: localhost\r\n\r\n").partition(
        b"\r\n\r\n"
    )
    assert head.startswith(b"HTTP/1.0 200 OK")
    assert body.splitlines() == [b"%d" % number for number in range(1_000_000)]


def test_headers_of_an_answer(http: Http) -> None:
    reply = http.write("SELECT number FROM numbers(10)", query_id="mine-1")
    assert reply.headers["x-clickhouse-query-id"] == "mine-1"
    assert reply.headers["x-clickhouse-format"] == "TabSeparated"
    assert reply.headers["x-clickhouse-timezone"] == "UTC"
    summary = json.loads(reply.headers["x-clickhouse-summary"])
    assert summary["read_rows"] == "10"
    assert summary["result_rows"] == "10"


def test_curl_sends_raw_sql_and_says_urlencoded(http: Http, table: str) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert http.write(f"INSERT INTO {table} VALUES (1, 'a=b&c')", headers=form).status == 200
    assert http.write(f"SELECT b FROM {table}", headers=form).text == "a=b&c\n"


def test_a_multipart_form_carries_query_and_parameters(http: Http) -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="query"\r\n\r\nSELECT {a:String}\r\n'
        b'--x\r\nContent-Disposition: form-data; name="param_a"\r\n\r\n' + b"z" * 100_000 + b"\r\n--x--\r\n"
    )
    reply = http.write(body, headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert reply.text == "z" * 100_000 + "\n"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x\r\n",
        b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n",
        b"--x--\r\n",
        b"\x00" * 1000,
    ],
)
def test_a_broken_form_is_answered(http: Http, body: bytes) -> None:
    reply = http.write(body, headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert 400 <= reply.status < 500
    assert reply.code


@pytest.mark.parametrize(
    ("sql", "status", "code", "name"),
    [
        pytest.param("SELECT * FROM nowhere", 404, 60, "UNKNOWN_TABLE", id="table"),
        pytest.param("SELECT nothing FROM system.one", 404, 47, "UNKNOWN_IDENTIFIER", id="column"),
        pytest.param("SELECT nosuch(1)", 404, 46, "UNKNOWN_FUNCTION", id="function"),
        pytest.param("SELECT (", 400, 62, "SYNTAX_ERROR", id="syntax"),
        pytest.param("BADREQUEST", 400, 62, "SYNTAX_ERROR", id="no statement"),
        pytest.param("", 400, 62, "SYNTAX_ERROR", id="nothing"),
        pytest.param("SELECT 1 FORMAT Nothing", 404, 73, "UNKNOWN_FORMAT", id="format"),
        pytest.param("SELECT throwIf(1)", 500, 395, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO", id="thrown"),
        pytest.param("SELECT {x:UInt8}", 400, 456, "UNKNOWN_QUERY_PARAMETER", id="parameter"),
        pytest.param("INSERT INTO nowhere FORMAT CSV\n1", 404, 60, "UNKNOWN_TABLE", id="insert"),
        pytest.param("SELECT 1 SETTINGS nothing = 1", 404, 115, "UNKNOWN_SETTING", id="setting"),
        pytest.param("SELECT sleepEachRow(1) FROM numbers(3)", 408, 159, "TIMEOUT_EXCEEDED", id="time"),
    ],
)
def test_errors_have_the_servers_words_and_status(
    http: Http, sql: str, status: int, code: int, name: str
) -> None:
    reply = http.write(sql, max_execution_time="0.5")
    assert reply.text.startswith(f"Code: {code}. DB::Exception: ")
    assert f"({name})" in reply.text
    assert (reply.code, reply.status) == (code, status if code != 456 else reply.status)


def test_text_that_is_not_utf8_is_refused(http: Http, table: str) -> None:
    assert http.write(b"SELECT '\xff'").code == 62
    assert http.write(b"INSERT INTO \xff FORMAT CSV\n1").code == 62
    assert http.write(b"SELECT 1", headers={"X-ClickHouse-Database": "\xff"}).code in (36, 81)
    assert http.send("GET", path="/?user=skillpulse_analyst&query=SELECT+'%FF'&param_a=%FF").status in (
        200,
        400,
    )
    assert (
        http.write(b"1,\xff\n", query=f"INSERT INTO {table} FORMAT CSV").status == 200
    )  # rows may be any bytes
    assert http.write(f"SELECT b FROM {table}").body == b"\xff\n"


def test_without_a_database_names_are_those_of_ours(http: Http, table: str) -> None:
    reader = {"X-ClickHouse-User": "skillpulse_analyst"}
    assert http.send("GET", query=f"SELECT count() FROM {table}", headers=reader).text == "0\n"
    assert http.send("GET", query="SELECT * FROM nowhere", headers=reader).code == 60


def test_unknown_setting_and_database_in_the_url(http: Http) -> None:
    assert (
        http.write("SELECT 1", no_such_setting="1").status,
        http.write("SELECT 1", no_such_setting="1").code,
    ) == (
        404,
        115,
    )
    assert http.write("SELECT 1", database="nowhere").code == 81


def test_an_error_after_the_start_of_a_stream_is_seen(http: Http) -> None:
    sql = "SELECT number, throwIf(number = 3000000) FROM numbers(10000000) FORMAT TabSeparated"
    with pytest.raises(Exception, match="IncompleteRead|closed|reset"):
        http.write(sql, max_threads="1")


ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "lz4": lz4.frame.compress,
}


@pytest.mark.parametrize("encoding", ENCODERS)
def test_each_frame_of_a_compressed_body_is_read(http: Http, table: str, encoding: str) -> None:
    frames = 5
    rows = [b"".join(b"%d,row\n" % (frame * 10_000 + at) for at in range(10_000)) for frame in range(frames)]
    body = b"".join(ENCODERS[encoding](part) for part in rows)
    reply = http.write(body, headers={"Content-Encoding": encoding}, query=f"INSERT INTO {table} FORMAT CSV")
    assert reply.status == 200, reply.text
    assert http.ok(f"SELECT count(), max(a) FROM {table}") == f"{frames * 10_000}\t{frames * 10_000 - 1}"


@pytest.mark.parametrize("encoding", ENCODERS)
@pytest.mark.parametrize("damage", ["cut", "garbage"])
def test_a_damaged_body_inserts_nothing(http: Http, table: str, encoding: str, damage: str) -> None:
    whole = ENCODERS[encoding](b"".join(b"%d,row\n" % at for at in range(1000)))
    body = whole[: len(whole) // 2] if damage == "cut" else b"\x01garbage" * 100
    reply = http.write(body, headers={"Content-Encoding": encoding}, query=f"INSERT INTO {table} FORMAT CSV")
    assert reply.code == 271, (reply.status, reply.text)
    assert http.ok(f"SELECT count() FROM {table}") == "0"


def test_an_unknown_encoding_is_named(http: Http) -> None:
    assert http.write(b"SELECT 1", headers={"Content-Encoding": "snappy"}).code == 48


@pytest.mark.parametrize("encoding", ["lz4", "zstd", "gzip", "deflate"])
@pytest.mark.parametrize("rows", [1, 3_000_000])
def test_answers_are_compressed_when_asked(http: Http, encoding: str, rows: int) -> None:
    unpack: dict[str, Callable[[bytes], bytes]] = {
        "gzip": gzip.decompress,
        "deflate": zlib.decompress,
        "zstd": lambda packed: zstandard.ZstdDecompressor().decompressobj().decompress(packed),
        "lz4": lz4.frame.decompress,
    }
    reply = http.write(
        f"SELECT number FROM numbers({rows})",
        headers={"Accept-Encoding": encoding},
        enable_http_compression="1",
    )
    assert reply.headers["content-encoding"] == encoding
    assert unpack[encoding](reply.body).count(b"\n") == rows
    plain = http.write("SELECT 1", headers={"Accept-Encoding": encoding})
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize(
    "format", ["CSV", "TabSeparated", "JSONEachRow", "Native", "Parquet", "ArrowStream", "RowBinary"]
)
def test_what_one_format_writes_it_reads(http: Http, table: str, format: str) -> None:
    sql = "SELECT number AS a, toString(number) AS b FROM numbers(200000)"
    written = http.write(f"{sql} FORMAT {format}")
    assert written.headers["x-clickhouse-format"] == format
    reply = http.write(written.body, query=f"INSERT INTO {table} (a, b) FORMAT {format}")
    assert reply.status == 200, reply.text
    assert json.loads(reply.headers["x-clickhouse-summary"])["written_rows"] == "200000"
    assert http.ok(f"SELECT count(), sum(a) FROM {table}") == "200000\t19999900000"


@pytest.mark.parametrize("format", ["JSON", "CSVWithNames", "Pretty", "Parquet", "Arrow", "XML"])
def test_formats_with_a_frame_have_one_frame(http: Http, format: str) -> None:
    body = http.write(f"SELECT number FROM numbers(200000) FORMAT {format}").body
    begin = {
        "JSON": b'"meta"',
        "CSVWithNames": b'"number"',
        "Parquet": b"PAR1",
        "Arrow": b"ARROW1",
        "XML": b"<?xml",
    }
    if format in begin:
        assert body.count(begin[format]) == (2 if format in ("Parquet", "Arrow") else 1)


def test_one_insert_makes_one_part(http: Http, table: str) -> None:
    rows = b"".join(b'{"a":%d,"b":"x"}\n' % at for at in range(100_000))
    assert http.write(rows, query=f"INSERT INTO {table} FORMAT JSONEachRow").status == 200
    assert http.ok(f"SELECT count() FROM system.parts WHERE active AND table = '{table}'") == "1"


def test_a_row_that_cannot_be_read_refuses_the_whole_insert(http: Http, table: str) -> None:
    reply = http.write(b'{"a":1}\n{"a":"x"}\n', query=f"INSERT INTO {table} FORMAT JSONEachRow")
    assert (reply.status, reply.code) == (400, 27)
    assert http.ok(f"SELECT count() FROM {table}") == "0"


def test_values_insert_and_insert_select(http: Http, table: str) -> None:
    http.ok(f"INSERT INTO {table} (a, b) VALUES (1, 'x)'), (2, 'y;')")
    http.ok(f"INSERT INTO {table} SELECT a + 10, b FROM {table}")
    http.ok("INSERT INTO {t:Identifier} VALUES (5, 'z')", param_t=table)
    assert http.ok(f"SELECT groupArray(a) FROM (SELECT a FROM {table} ORDER BY a)") == "[1,2,5,11,12]"


def test_a_session_keeps_set_and_use(http: Http) -> None:
    assert http.write("SET max_block_size = 77", session_id="s1").status == 200
    assert http.ok("SELECT getSetting('max_block_size')", session_id="s1") == "77"
    assert http.ok("SELECT getSetting('max_block_size')", session_id="s2") != "77"
    assert http.ok("SELECT getSetting('max_block_size')", session_id="s1", max_block_size="5") == "5"
    assert http.ok("SELECT getSetting('max_block_size')", session_id="s1") == "77"
    assert http.write("SELECT 1", session_id="s3", session_check="1").code == 372


def test_a_query_id_runs_once_at_a_time(http: Http) -> None:
    for bad in ("a b", "x" * 129, "a\r\nX-Evil: 1"):
        assert http.write("SELECT 1", query_id=bad).code == 36


def test_the_name_of_another_machine_is_refused(http: Http) -> None:
    for host in ("evil.example", "evil.example:8123", "127.0.0.1.evil.example", "[::2]:1", ""):
        reply = http.send(
            "GET", query="SELECT 1", headers={"Host": host, "X-ClickHouse-User": "skillpulse_analyst"}
        )
        assert reply.status == 403
    for host in ("localhost:1", "127.0.0.1", "LOCALHOST", "[::1]:8123"):
        reply = http.send(
            "GET", query="SELECT 1", headers={"Host": host, "X-ClickHouse-User": "skillpulse_analyst"}
        )
        assert reply.status == 200


@pytest.mark.parametrize(
    "path", ["/../../etc/passwd", "/play", "/dashboard", "/%2e%2e/etc/passwd", "//etc/passwd"]
)
def test_there_are_no_other_paths(http: Http, path: str) -> None:
    assert http.send(path=path).status == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_there_are_no_other_methods(http: Http, method: str) -> None:
    assert http.send(method, query="SELECT 1").status == 405


def test_statements_of_clients_are_in_the_query_log(http: Http) -> None:
    http.ok("SELECT 4242", query_id="logged-1")
    http.ok("SYSTEM FLUSH LOGS")
    rows = http.ok(
        "SELECT count(), any(query) FROM system.query_log WHERE log_comment = 'logged-1' AND type = 2"
    )
    assert rows == "1\tSELECT 4242"


def test_answers_to_a_url_opener_need_no_driver(http: Http) -> None:
    url = f"{http.endpoint.url}/?user=skillpulse_analyst&query=SELECT+1%2B1"
    with urllib.request.urlopen(url, timeout=10) as response:
        assert response.read() == b"2\n"


def test_limits_bind_readers(http: Http) -> None:
    started = time.monotonic()
    reply = http.read("SELECT sum(cityHash64(number)) FROM numbers(1000000000000)", max_execution_time="1")
    assert (reply.status, reply.code) == (408, 159)
    assert time.monotonic() - started < 30
    memory = http.read("SELECT length(groupArray(number)) FROM numbers(1000000000)", max_execution_time="60")
    assert memory.code == 241, memory.text
    rows = http.read(f"SELECT number FROM numbers({DEFAULT.reader_result_rows + 1}) FORMAT Null")
    assert rows.code in (0, 396)
    huge = http.read("SELECT 1 -- " + "x" * (DEFAULT.query_bytes + 10))
    assert (huge.status, huge.code) == (413, 386)
    assert http.read("SELECT " + "(" * 5000 + "1" + ")" * 5000).code in (62, 167, 306)


def test_long_queries_and_parameters_within_the_limits(http: Http) -> None:
    many = ",".join(str(number) for number in range(100_000))
    assert http.read(f"SELECT count() FROM numbers(10) WHERE number IN ({many})").text == "10\n"
    body = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % field
        for field in (
            (b"query", b"SELECT length({many:Array(UInt32)}), length({text:String})"),
            (b"param_many", f"[{many}]".encode()),
            (b"param_text", b"x" * 2_000_000),
        )
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x", "X-ClickHouse-User": "skillpulse_analyst"}
    reply = http.send("POST", body=body + b"--x--\r\n", headers=headers)
    assert reply.text == "100000\t2000000\n"


def test_all_statements_together_have_a_memory_bound(http: Http) -> None:
    sql = "SELECT toUInt64(value) > 0 FROM system.server_settings WHERE name = 'max_server_memory_usage'"
    assert http.ok(sql) == "1"


def test_a_reader_cannot_fill_the_disk_with_spills(http: Http) -> None:
    sql = "SELECT toUInt64(getSetting('max_temporary_data_on_disk_size_for_query'))"
    assert int(http.read(sql).text) == DEFAULT.reader_result_bytes
