"""ClickHouse's errors as its HTTP interface words them: code, name, text and HTTP status."""

from __future__ import annotations

import re

_CODE = re.compile(r"Code: (\d+)\. ")
_TRAILER = re.compile(r"\(version [^()]*(\([^()]*\))?\)\s*$")

BAD_ARGUMENTS = 36
NOT_IMPLEMENTED = 48
SYNTAX_ERROR = 62
TIMEOUT_EXCEEDED = 159
READONLY = 164
TOO_MANY_SIMULTANEOUS_QUERIES = 202
SOCKET_TIMEOUT = 209
NOT_ENOUGH_SPACE = 243
CANNOT_DECOMPRESS = 271
SESSION_NOT_FOUND = 372
SESSION_IS_LOCKED = 373
QUERY_IS_TOO_LARGE = 386
CONSTRAINT_VIOLATION = 452
ACCESS_DENIED = 497
AUTHENTICATION_FAILED = 516
UNKNOWN_EXCEPTION = 1002

NAMES = {
    BAD_ARGUMENTS: "BAD_ARGUMENTS",
    NOT_IMPLEMENTED: "NOT_IMPLEMENTED",
    SYNTAX_ERROR: "SYNTAX_ERROR",
    TIMEOUT_EXCEEDED: "TIMEOUT_EXCEEDED",
    READONLY: "READONLY",
    TOO_MANY_SIMULTANEOUS_QUERIES: "TOO_MANY_SIMULTANEOUS_QUERIES",
    SOCKET_TIMEOUT: "SOCKET_TIMEOUT",
    NOT_ENOUGH_SPACE: "NOT_ENOUGH_SPACE",
    CANNOT_DECOMPRESS: "CANNOT_DECOMPRESS",
    SESSION_NOT_FOUND: "SESSION_NOT_FOUND",
    SESSION_IS_LOCKED: "SESSION_IS_LOCKED",
    QUERY_IS_TOO_LARGE: "QUERY_IS_TOO_LARGE",
    CONSTRAINT_VIOLATION: "SETTING_CONSTRAINT_VIOLATION",
    ACCESS_DENIED: "ACCESS_DENIED",
    AUTHENTICATION_FAILED: "AUTHENTICATION_FAILED",
    UNKNOWN_EXCEPTION: "UNKNOWN_EXCEPTION",
}

# The statuses a ClickHouse server answers with, by error code; every other code is a 500.
_STATUS: dict[int, int] = {
    **dict.fromkeys((192, 193, 497, 512, 516), 403),
    194: 401,
    **dict.fromkeys(
        (
            6,
            8,
            15,
            16,
            25,
            26,
            27,
            36,
            38,
            41,
            44,
            53,
            62,
            72,
            117,
            144,
            167,
            168,
            190,
            223,
            224,
            321,
            376,
            427,
        ),
        400,
    ),
    **dict.fromkeys((46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 336, 511), 404),
    159: 408,
    381: 411,
    386: 413,
    48: 501,
    **dict.fromkeys((76, 209, 439), 503),
}


class ClickHouseError(Exception):
    """A statement or request was refused; the server answers `status` with `text` as the body.

    Attributes: code (ClickHouse's number), text (the full line the client shows), status (HTTP).
    """

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        self.text = f"Code: {code}. DB::Exception: {message} ({NAMES[code]})"
        super().__init__(self.text)

    @classmethod
    def from_engine(cls, text: str) -> ClickHouseError:
        """The engine's own error, its words untouched; text without a code gets UNKNOWN_EXCEPTION."""
        found = _CODE.search(text)
        if found is None:
            return cls(UNKNOWN_EXCEPTION, text.strip())
        error = cls.__new__(cls)
        error.code = int(found[1])
        error.text = text[found.start() :].strip()
        Exception.__init__(error, error.text)
        return error

    @property
    def status(self) -> int:
        """The HTTP status a ClickHouse server gives this error."""
        return _STATUS.get(self.code, 500)

    @property
    def line(self) -> str:
        """The text for a log: one line, whatever the client put into its query."""
        return self.text[:500].encode("unicode_escape").decode()

    def body(self, version: str) -> str:
        """The response body: the error's text with the version behind it, as a server ends it."""
        text = self.text if _TRAILER.search(self.text) else f"{self.text} (version {version})"
        return text + "\n"
