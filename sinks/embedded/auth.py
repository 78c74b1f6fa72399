"""Who may ask: the writer by token, two read-only users, checked in constant time."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from .errors import AUTHENTICATION_FAILED, ClickHouseError

WRITER = "skillpulse_writer"
ANALYST = "skillpulse_analyst"
GRAFANA = "skillpulse_grafana"


class Role(Enum):
    """What a user may do."""

    WRITER = "writer"
    READER = "reader"


@dataclass(frozen=True)
class Account:
    """One user; an empty password lets anyone on this machine in (readers only)."""

    name: str
    role: Role
    password: str

    def __post_init__(self) -> None:
        if self.role is Role.WRITER and not self.password:
            raise ValueError(f"{self.name} needs a password: it may change every table")


def accounts(writer: str, analyst: str = "", grafana: str = "") -> dict[str, Account]:
    """The three users by name, with these passwords."""
    return {
        account.name: account
        for account in (
            Account(WRITER, Role.WRITER, writer),
            Account(ANALYST, Role.READER, analyst),
            Account(GRAFANA, Role.READER, grafana),
        )
    }


def credentials(headers: Mapping[str, str], parameters: Mapping[str, str]) -> tuple[str, str]:
    """User and password of a request: X-ClickHouse headers, Basic authorization or URL parameters.

    Raises ClickHouseError when two ways are mixed or the header cannot be read.
    """
    authorization = headers.get("Authorization", "")
    by_header = "X-ClickHouse-User" in headers or "X-ClickHouse-Key" in headers
    by_url = "user" in parameters or "password" in parameters
    if bool(authorization) + by_header + by_url > 1:
        raise ClickHouseError(
            AUTHENTICATION_FAILED,
            "Invalid authentication: use only one of X-ClickHouse HTTP headers, the Authorization HTTP "
            "header and authentication via parameters.",
        )
    if authorization:
        return _basic(authorization)
    if by_header:
        return headers.get("X-ClickHouse-User", "default"), headers.get("X-ClickHouse-Key", "")
    return parameters.get("user", "default"), parameters.get("password", "")


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError(scheme)
        user, _, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (ValueError, binascii.Error):
        raise ClickHouseError(
            AUTHENTICATION_FAILED, "Invalid authentication: the Authorization HTTP header must be Basic."
        ) from None
    return user, password


def authenticate(known: Mapping[str, Account], user: str, password: str) -> Account:
    """The account of these credentials; raises ClickHouseError 516 in the server's words."""
    account = known.get(user)
    expected = account.password if account else ""
    matches = hmac.compare_digest(expected.encode(), password.encode(errors="surrogateescape"))
    if account is None or not matches:
        shown = user[:64].encode("unicode_escape").decode()
        raise ClickHouseError(
            AUTHENTICATION_FAILED,
            f"{shown}: Authentication failed: password is incorrect, or there is no user with such name.",
        )
    return account
