from __future__ import annotations

from pathlib import Path

import pytest

from sinks.embedded.limits import DEFAULT

from .http import Http


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count() FROM {table}",
        "WITH 1 AS x SELECT x",
        "SELECT * FROM numbers(3)",
        "SHOW TABLES",
        "DESCRIBE TABLE {table}",
        "EXPLAIN SELECT * FROM {table}",
        "EXISTS TABLE {table}",
        "SHOW CREATE TABLE {table}",
        "SELECT 'file upload', position('a file', 'file'), 'it''s \\' file(x)' -- file('/etc/passwd')",
        "SELECT count() FROM system.parts",
    ],
)
def test_readers_may_read(http: Http, table: str, sql: str) -> None:
    reply = http.read(sql.format(table=table))
    assert reply.status == 200, reply.text


# Each of these must fail for a reader; READONLY (164), ACCESS_DENIED (497) or what the engine says first.
REFUSED = [
    "INSERT INTO {table} VALUES (1, 'x')",
    "INSERT INTO {table} FORMAT CSV\n1,x",
    "INSERT INTO {table} SELECT 1, 'x'",
    "INSERT INTO FUNCTION file('{out}', 'CSV', 'a UInt8') SELECT 1",
    "INSERT INTO FUNCTION file('{out}', 'CSV', 'a UInt8') VALUES (1)",
    "SELECT 1 INTO OUTFILE '{out}'",
    "SELECT 1 INTO OUTFILE '{out}' APPEND FORMAT CSV",
    "(SELECT 1) UNION ALL SELECT 2 INTO OUTFILE '{out}'",
    "EXPLAIN SELECT 1 INTO OUTFILE '{out}'",
    "SHOW TABLES INTO OUTFILE '{out}'",
    "KILL QUERY WHERE 1",
    "SYSTEM STOP MERGES",
    "SYSTEM SHUTDOWN",
    "CREATE TABLE x (a UInt8) ENGINE = Memory",
    "CREATE TEMPORARY TABLE x (a UInt8)",
    "CREATE FUNCTION evil AS x -> x",
    "CREATE USER x",
    "DROP TABLE {table}",
    "DETACH TABLE {table}",
    "TRUNCATE TABLE {table}",
    "ALTER TABLE {table} DELETE WHERE 1",
    "DELETE FROM {table} WHERE 1",
    "OPTIMIZE TABLE {table} FINAL",
    "RENAME TABLE {table} TO x",
    "BACKUP TABLE {table} TO File('{out}')",
    "BACKUP TABLE {table} TO Disk('backups', 'x')",
    "RESTORE TABLE {table} AS x FROM Disk('backups', 'x')",
    "SET readonly = 0",
    "SET max_execution_time = 0",
    "USE system",
    "SELECT 1 SETTINGS readonly = 0",
    "SELECT 1 SETTINGS max_execution_time = 100000",
    "SELECT 1 SETTINGS max_memory_usage = 0",
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "SELECT * FROM file('/etc/passwd', 'LineAsString') -- '",
    "DESCRIBE TABLE file('/etc/passwd', 'CSV')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM `/etc/passwd`",
    "SELECT * FROM default.`/etc/passwd`",
    "SELECT file('/etc/passwd')",
    "SELECT `file`('/etc/passwd')",
    "SELECT \"f\\x69le\"('/etc/passwd')",
    "SELECT /* x */ file /* y */ ('/etc/passwd')",
    "/* ' */ SELECT file('/etc/passwd') /* ' */",
    "SELECT arrayMap(file, ['/etc/passwd'])",
    "SELECT * APPLY(file) FROM (SELECT '/etc/passwd')",
    "SELECT arrayMap(x -> file(x), ['/etc/passwd'])",
    "WITH (SELECT file('/etc/passwd')) AS x SELECT x",
    "SELECT 1 WHERE 1 = (SELECT length(file('/etc/passwd')))",
    "EXPLAIN SELECT file('/etc/passwd')",
    "SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')",
    "SELECT * FROM remote('127.0.0.1:9000', 'system', 'one')",
    "SELECT * FROM s3('http://127.0.0.1:1/bucket/a.csv', 'CSV', 'a String')",
    "SELECT * FROM mysql('127.0.0.1:1', 'a', 'b', 'c', 'd')",
    "SELECT * FROM postgresql('127.0.0.1:1', 'a', 'b', 'c', 'd')",
    "SELECT * FROM sqlite('/etc/passwd', 'x')",
    "SELECT * FROM icebergLocal('/etc', 'CSV')",
    "SELECT * FROM filesystem('/etc')",
    "SELECT * FROM executable('id', 'TSV', 'a String')",
    "SELECT * FROM python(engine)",
    "SELECT * FROM Python(engine)",
    "SELECT * FROM engine",
    "SELECT aiGenerate('hello')",
    "SELECT * FROM system.users",
    "SELECT addressToLine(1)",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE {table}",
]


@pytest.mark.parametrize("sql", [pytest.param(sql, id=sql[:60]) for sql in REFUSED])
def test_readers_may_do_nothing_else(http: Http, table: str, tmp_path: Path, sql: str) -> None:
    http.ok(f"INSERT INTO {table} VALUES (7, 'kept')")
    out = tmp_path / "out"
    reply = http.read(sql.format(table=table, out=out))
    assert reply.status != 200, reply.text
    assert reply.code != 0
    assert "root:" not in reply.text
    assert not out.exists()
    assert http.ok(f"SELECT a, b FROM {table}") == "7\tkept"


def test_a_parameter_cannot_name_a_function_that_reads_files(http: Http) -> None:
    reply = http.read("SELECT arrayMap({f:Identifier}, ['/etc/passwd'])", param_f="file")
    assert reply.status != 200
    assert "root:" not in reply.text


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT file('/etc/passwd')",
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
        "SELECT 1 INTO OUTFILE '{out}'",
        "INSERT INTO {table} FROM INFILE '/etc/passwd' FORMAT LineAsString",
        "INSERT INTO {table} SELECT 1, file('/etc/passwd')",
        "INSERT INTO FUNCTION file('{out}', 'CSV', 'a UInt8') VALUES (1)",
        "INSERT INTO FUNCTION url('http://127.0.0.1:1/', 'CSV', 'a UInt8') VALUES (1)",
        "CREATE TABLE evil (a String) ENGINE = File(CSV, '{out}')",
        "CREATE TABLE evil (a String) ENGINE = URL('http://127.0.0.1:1/', CSV)",
        "CREATE DATABASE evil ENGINE = Filesystem('/etc')",
        "CREATE FUNCTION evil AS x -> file(x)",
        "CREATE USER evil",
        "GRANT ALL ON *.* TO default",
        "SYSTEM SHUTDOWN",
        "CREATE TEMPORARY TABLE x (a UInt8)",
        "BACKUP TABLE {table} TO File('{out}')",
        "BACKUP TABLE {table} TO Disk('default', 'x')",
        "BACKUP TABLE {table} TO Disk('backups', '../out')",
        "BACKUP TABLE {table} TO S3('http://127.0.0.1:1/bucket', 'key', 'secret')",
        "RESTORE TABLE {table} FROM File('/etc/passwd')",
        "CREATE TABLE evil (a UInt8) ENGINE = MergeTree ORDER BY a SETTINGS disk = disk(type = local, path = '{out}/')",
        "CREATE TABLE evil (a UInt8) ENGINE = MergeTree ORDER BY a SETTINGS disk = 'backups'",
        "ATTACH TABLE evil FROM '{out}' (a UInt8) ENGINE = MergeTree ORDER BY a",
        "ATTACH TABLE evil (a UInt8) ENGINE = File(CSV)",
        "ALTER TABLE {table} MOVE PARTITION tuple() TO DISK 'backups'",
        "CREATE DICTIONARY evil (a UInt64, b String) PRIMARY KEY a"
        " SOURCE(EXECUTABLE(command 'touch {out}; echo 1,x' format 'CSV')) LAYOUT(FLAT()) LIFETIME(0)",
        "CREATE DICTIONARY evil_http (a UInt64, b String) PRIMARY KEY a"
        " SOURCE(HTTP(url 'http://127.0.0.1:1/' format 'CSV')) LAYOUT(FLAT()) LIFETIME(0)",
        "CREATE TABLE evil_script (a UInt8) ENGINE = Executable('evil.sh', 'CSV')",
        "CREATE TABLE evil_rocks (a UInt8) ENGINE = EmbeddedRocksDB(0, '{out}') PRIMARY KEY a",
        "CREATE TABLE evil_rocks (a UInt8) engine/**/`Embedded\\x52ocksDB`(0, '{out}') PRIMARY KEY a",
        "CREATE MATERIALIZED VIEW evil_view ENGINE = EmbeddedRocksDB(0, '{out}') PRIMARY KEY a AS SELECT 1 AS a",
        "SELECT 1 AS a SETTINGS format_template_row = '/etc/passwd' FORMAT Template",
        "SELECT 1 AS a SETTINGS format_template_resultset = '/etc/passwd' FORMAT Template",
        "SELECT 1 AS a SETTINGS format_schema = '/etc/passwd:a' FORMAT Protobuf",
        "SELECT 1 AS a SETTINGS output_format_schema = '{out}' FORMAT Protobuf",
        "SELECT 1 AS a SETTINGS format_avro_schema_registry_url = 'http://127.0.0.1:1/' FORMAT AvroConfluent",
        "INSERT INTO {table} SETTINGS input_format_allow_errors_num = 9,"
        " input_format_record_errors_file_path = '{out}' FORMAT CSV\nx,y",
    ],
)
def test_the_writer_stays_inside_the_database_too(http: Http, table: str, tmp_path: Path, sql: str) -> None:
    out = tmp_path / "out"
    reply = http.write(sql.format(table=table, out=out))
    assert reply.status != 200, reply.text
    assert "root:" not in reply.text
    assert not out.exists()
    assert http.ok(f"SELECT count() FROM {table}") == "0"


def test_the_writer_sets_no_file_by_url_either(http: Http) -> None:
    for setting in ("format_template_row", "format_template_resultset", "format_schema"):
        reply = http.write("SELECT 1 AS a FORMAT Template", **{setting: "/etc/passwd"})
        assert reply.code == 452, reply.text
        assert "root:" not in reply.text


def test_get_only_reads(http: Http, table: str) -> None:
    writer = {"user": http.endpoint.user, "password": http.endpoint.password, "database": "skillpulse"}
    reply = http.send("GET", query=f"DROP TABLE {table}", **writer)
    assert reply.code == 164
    assert "GET implies readonly" in reply.text
    assert http.send("GET", query=f"SELECT count() FROM {table}", **writer).text == "0\n"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        pytest.param({"max_execution_time": "5"}, 0, id="shorter"),
        pytest.param({"max_execution_time": str(DEFAULT.reader_seconds_max)}, 0, id="up to the bound"),
        pytest.param({"readonly": "1"}, 0, id="what holds anyway"),
        pytest.param({"max_execution_time": "100000"}, 452, id="beyond the bound"),
        pytest.param({"max_execution_time": "0"}, 452, id="unlimited"),
        pytest.param({"max_execution_time": "nan"}, 452, id="no number"),
        pytest.param({"max_execution_time": "soon"}, 36, id="a word"),
        pytest.param({"readonly": "0"}, 164, id="writable"),
        pytest.param({"max_memory_usage": "0"}, 164, id="memory"),
        pytest.param({"max_result_rows": "0"}, 164, id="rows"),
        pytest.param({"allow_ddl": "1"}, 164, id="ddl"),
        pytest.param({"log_comment": "x' , readonly = 0, a='"}, 164, id="injection by value"),
        pytest.param({"readonly=0,max_threads": "1"}, 36, id="injection by name"),
    ],
)
def test_a_reader_sets_its_time_and_nothing_else(http: Http, settings: dict[str, str], code: int) -> None:
    reply = http.read("SELECT getSetting('readonly')", **settings)
    assert reply.code == code, reply.text
    if not code:
        assert reply.text == "1\n"


def test_a_parameter_cannot_smuggle_a_setting(http: Http) -> None:
    reply = http.read(
        "SELECT {x:String}, getSetting('readonly')", param_x="a', readonly = 0, log_comment = 'b"
    )
    assert reply.text == "a\\', readonly = 0, log_comment = \\'b\t1\n"
    reply = http.read("SELECT 1", **{"param_x = 1, readonly": "0"})
    assert reply.status != 200
