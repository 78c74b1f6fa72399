"""The database users of the compose file, tried on the engine itself: what each may do, and how much of it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import pytest
import yaml

USERS: Final = Path(__file__).parents[1] / "docker/clickhouse/users.d/skillpulse.yaml"
READERS: Final = ("skillpulse_analyst", "skillpulse_grafana")
DICTIONARY: Final = (
    "CREATE DICTIONARY skillpulse.d (a UInt64, b String) PRIMARY KEY a"
    " SOURCE(HTTP(url 'http://127.0.0.1:1/' format 'CSV')) LAYOUT(FLAT()) LIFETIME(0)"
)

RUN: Final = """
import json, sys
from chdb import _chdb
engine = _chdb.connect("data?config-file=config.xml")
for sql in json.load(sys.stdin):
    try:
        engine.query(sql, "Null")
        print("done")
    except RuntimeError as error:
        print(str(error).rsplit("(", 1)[1].rstrip(")"))
"""
"""One engine a process, whose only user is `default`; says of each statement `done` or the error's name."""


def outcomes(folder: Path, user: str, statements: list[str], **quota: float) -> list[str]:
    """What becomes of the statements of this user, whose quota has these limits in place of its own."""
    said = yaml.safe_load(USERS.read_text())
    # the embedded engine knows no setting that is changeable in readonly
    del said["profiles"]["skillpulse_reader"]["constraints"]
    said["users"] = {"default": said["users"][user] | {"password": ""}}
    for place in ("profiles", "quotas"):  # which the server has beside ours
        said[place].setdefault("default", {})
    if quota:
        said["quotas"][said["users"]["default"]["quota"]]["interval"] |= quota
    (folder / "users.xml").write_text(xml("clickhouse", said))
    (folder / "config.xml").write_text(xml("clickhouse", {"users_config": "users.xml"}))
    done = subprocess.run(
        [sys.executable, "-c", RUN], input=json.dumps(statements), cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def xml(name: str, value: Any) -> str:
    """ClickHouse's configuration in the one form that the embedded engine reads."""
    if isinstance(value, list):
        return "".join(xml(name, each) for each in value)
    if isinstance(value, dict):
        return f"<{name}>{''.join(xml(*item) for item in value.items())}</{name}>"
    return f"<{name}>{escape(str(value))}</{name}>"


def test_the_writer_changes_tables_and_reaches_nothing_else(tmp_path: Path) -> None:
    may = [
        "CREATE DATABASE skillpulse",
        "CREATE TABLE skillpulse.t (a UInt8) ENGINE = MergeTree ORDER BY a",
        "CREATE OR REPLACE VIEW skillpulse.v AS SELECT a FROM skillpulse.t",
        "INSERT INTO skillpulse.t VALUES (1)",
        "ALTER TABLE skillpulse.t ADD COLUMN b UInt8",
        "SELECT * FROM skillpulse.v",
        "CHECK TABLE skillpulse.t",
        "DETACH TABLE skillpulse.t",
        "ATTACH TABLE skillpulse.t",
        "DROP TABLE skillpulse.t",
    ]
    may_not = [
        DICTIONARY,
        "SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')",
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
        "CREATE USER evil",
        "CREATE DATABASE other",
        "CREATE FUNCTION evil AS x -> x",
    ]
    said = outcomes(tmp_path, "skillpulse_writer", may + may_not)
    assert said == ["done"] * len(may) + ["ACCESS_DENIED"] * len(may_not)


@pytest.mark.parametrize("user", READERS)
def test_readers_read_until_their_quota_is_used_up(tmp_path: Path, user: str) -> None:
    statements = [
        "CREATE TABLE skillpulse.t (a UInt8) ENGINE = Memory",
        "SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')",
        "SELECT sum(number) FROM numbers(1000)",
        "SELECT sum(number) FROM numbers(10000000)",
    ]
    said = outcomes(tmp_path, user, statements, read_rows=100_000)
    assert said[0] in ("ACCESS_DENIED", "READONLY")
    assert said[1:] == ["ACCESS_DENIED", "done", "QUOTA_EXCEEDED"]
