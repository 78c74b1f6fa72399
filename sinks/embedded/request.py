"""A request to ClickHouse's HTTP interface, taken apart: query, settings, parameters, formats, session."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from .auth import Role
from .errors import BAD_ARGUMENTS, CONSTRAINT_VIOLATION, NOT_IMPLEMENTED, READONLY, ClickHouseError
from .limits import Limits

# URL parameters that steer the interface itself; every other one is a setting of the engine.
_RESERVED = frozenset(
    [
        "query",
        "database",
        "user",
        "password",
        "query_id",
        "session_id",
        "session_timeout",
        "session_check",
        "close_session",
        "default_format",
        "compress",
        "decompress",
        "buffer_size",
        "wait_end_of_query",
        "quota_key",
        "stacktrace",
        "role",
        "client_protocol_version",
        "enable_http_compression",
        "http_zlib_compression_level",
        "send_progress_in_http_headers",
        "add_http_cors_header",
        "http_headers_progress_interval_ms",
        "http_native_compression_disable_checksumming_on_decompress",
        "cancel_http_readonly_queries_on_client_close",
    ]
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_QUERY_ID = re.compile(r"[\x21-\x7e]{1,128}\Z")
_FORMAT = re.compile(r"[A-Za-z][A-Za-z0-9]*\Z")


@dataclass(frozen=True)
class Request:
    """What one request asks for, apart from its body."""

    query: str  # of the URL or form; the body follows it
    database: str
    query_id: str
    session_id: str
    session_check: bool
    session_seconds: float
    default_format: str
    compress: bool
    whole: bool  # wait_end_of_query: hold the answer back as long as possible
    settings: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)


def parse(headers: Mapping[str, str], parameters: Mapping[str, str]) -> Request:
    """The request of these headers and URL (or form) parameters; raises ClickHouseError."""
    _check_utf8(*parameters, *parameters.values(), headers.get("X-ClickHouse-Database", ""))
    for unsupported in ("compress", "decompress"):
        if parameters.get(unsupported, "0") not in ("", "0"):
            raise ClickHouseError(
                NOT_IMPLEMENTED,
                f"{unsupported}=1 (ClickHouse's own block compression) is not supported: use Accept-Encoding "
                "and Content-Encoding with lz4, zstd or gzip.",
            )
    query_id = parameters.get("query_id") or headers.get("X-ClickHouse-Query-Id") or str(uuid.uuid4())
    if not _QUERY_ID.match(query_id):
        raise ClickHouseError(BAD_ARGUMENTS, "query_id must be 1 to 128 visible ASCII characters.")
    default_format = parameters.get("default_format") or headers.get("X-ClickHouse-Format") or "TabSeparated"
    if not _FORMAT.match(default_format):
        raise ClickHouseError(BAD_ARGUMENTS, "The default format must be a format's name.")
    settings = {
        name: value
        for name, value in parameters.items()
        if name not in _RESERVED and not name.startswith("param_") and value != ""
    }
    values = {name[6:]: value for name, value in parameters.items() if name.startswith("param_")}
    for name in (*settings, *values):  # both become part of a SET
        if not _NAME.match(name):
            raise ClickHouseError(BAD_ARGUMENTS, f"Not the name of a setting or parameter: {name[:64]!r}.")
    return Request(
        query=parameters.get("query", ""),
        database=parameters.get("database") or headers.get("X-ClickHouse-Database", ""),
        query_id=query_id,
        session_id=parameters.get("session_id", ""),
        session_check=parameters.get("session_check") == "1",
        session_seconds=_seconds(parameters.get("session_timeout", "60")),
        default_format=default_format,
        compress=parameters.get("enable_http_compression", "0") in ("1", "true"),
        whole=parameters.get("wait_end_of_query", "0") in ("1", "true"),
        settings=settings,
        parameters=values,
    )


def _check_utf8(*texts: str) -> None:
    """Refuse bytes that are no UTF-8 (they arrive as lone surrogates): the engine takes text only."""
    for text in texts:
        try:
            text.encode()
        except UnicodeEncodeError:
            raise ClickHouseError(BAD_ARGUMENTS, "The request holds text that is not UTF-8.") from None


def _seconds(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 3600.0)
    except ValueError:
        raise ClickHouseError(
            BAD_ARGUMENTS, f"session_timeout must be a number of seconds, not {text[:32]!r}."
        ) from None


def effective_settings(role: Role, asked: Mapping[str, str], limits: Limits) -> dict[str, str]:
    """The engine settings of a request: a reader may only set max_execution_time, and only so high.

    The same as a server profile with readonly=1 and max_execution_time CHANGEABLE_IN_READONLY.
    """
    if role is Role.WRITER:
        return {**limits.writer_settings(), **asked}
    for name, value in asked.items():
        if name != "max_execution_time" and (name, value) != ("readonly", "1"):
            raise ClickHouseError(READONLY, f"Cannot modify '{name}' setting in readonly mode.")
    seconds = None
    if "max_execution_time" in asked:
        try:
            seconds = float(asked["max_execution_time"])
        except ValueError:
            raise ClickHouseError(BAD_ARGUMENTS, "max_execution_time must be a number of seconds.") from None
        if not 0 < seconds <= limits.reader_seconds_max:
            raise ClickHouseError(
                CONSTRAINT_VIOLATION,
                f"Setting max_execution_time shouldn't be greater than {limits.reader_seconds_max:g} or 0.",
            )
    return limits.reader_settings(seconds)
