from __future__ import annotations

import base64

import pytest

from sinks.embedded.auth import ANALYST, GRAFANA, WRITER, Account, Role, accounts, authenticate
from sinks.embedded.errors import ClickHouseError

from .http import Http


def _basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def test_each_way_to_say_who_asks(http: Http) -> None:
    writer, token = http.endpoint.user, http.endpoint.password
    ask = b"SELECT 1"
    by_header = {"X-ClickHouse-User": writer, "X-ClickHouse-Key": token}
    assert http.send("POST", body=ask, headers=by_header).text == "1\n"
    assert http.send("POST", body=ask, headers=_basic(writer, token)).text == "1\n"
    assert http.send("POST", body=ask, user=writer, password=token).text == "1\n"
    assert http.send(query="SELECT 1", user=ANALYST).text == "1\n"
    assert http.send(query="SELECT 1", headers=_basic(GRAFANA, "")).text == "1\n"


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="nobody"),
        pytest.param({"X-ClickHouse-User": WRITER}, id="writer without token"),
        pytest.param({"X-ClickHouse-User": WRITER, "X-ClickHouse-Key": "wrong"}, id="wrong token"),
        pytest.param({"X-ClickHouse-User": ANALYST, "X-ClickHouse-Key": "wrong"}, id="wrong password"),
        pytest.param({"X-ClickHouse-User": "root"}, id="no such user"),
        pytest.param({"X-ClickHouse-User": "default"}, id="a server's usual user"),
        pytest.param({"Authorization": "Bearer abc"}, id="bearer"),
        pytest.param({"Authorization": "Basic !!!"}, id="not base64"),
        pytest.param({**_basic(ANALYST, ""), "X-ClickHouse-User": ANALYST}, id="two ways at once"),
        pytest.param(
            _basic(WRITER, "\udcff".encode("utf-8", "surrogatepass").decode("latin-1")), id="odd bytes"
        ),
    ],
)
def test_wrong_credentials_are_refused_in_the_servers_words(http: Http, headers: dict[str, str]) -> None:
    reply = http.send("POST", body=b"SELECT 1", headers=headers)
    assert (reply.status, reply.code) == (403, 516)
    assert reply.text.startswith("Code: 516. DB::Exception: ")
    assert "(AUTHENTICATION_FAILED) (version 2" in reply.text


def test_a_writer_without_password_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="needs a password"):
        Account(WRITER, Role.WRITER, "")


def test_passwords_of_readers_count_when_set() -> None:
    known = accounts("token", analyst="secret")
    assert authenticate(known, ANALYST, "secret").role is Role.READER
    with pytest.raises(ClickHouseError):
        authenticate(known, ANALYST, "")


def test_a_name_in_an_error_cannot_forge_lines() -> None:
    with pytest.raises(ClickHouseError) as refused:
        authenticate(accounts("token"), "a\r\nX-Evil: 1", "")
    assert "\n" not in refused.value.text
