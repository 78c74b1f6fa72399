"""Which of ClickHouse's errors are worth another try. Codes: ClickHouse `src/Common/ErrorCodes.cpp`."""

import logging
import re
from typing import Final

from clickhouse_connect.driver.exceptions import Error, OperationalError

from schemas.faults import Fault
from sinks.retry import SinkRefused, SinkUnavailable

logging.getLogger("clickhouse_connect").setLevel(logging.CRITICAL)  # what it logs comes back as an exception

NOT_ENOUGH_SPACE: Final = 243

RETRIABLE: Final = {
    3: "UNEXPECTED_END_OF_FILE",
    107: "FILE_DOESNT_EXIST",
    159: "TIMEOUT_EXCEEDED",
    164: "READONLY",
    202: "TOO_MANY_SIMULTANEOUS_QUERIES",
    203: "NO_FREE_CONNECTION",
    209: "SOCKET_TIMEOUT",
    210: "NETWORK_ERROR",
    236: "ABORTED",
    241: "MEMORY_LIMIT_EXCEEDED",
    242: "TABLE_IS_READ_ONLY",
    NOT_ENOUGH_SPACE: "NOT_ENOUGH_SPACE",
    252: "TOO_MANY_PARTS",
    279: "ALL_CONNECTION_TRIES_FAILED",
    285: "TOO_FEW_LIVE_REPLICAS",
    286: "UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE",
    289: "REPLICA_IS_NOT_IN_QUORUM",
    319: "UNKNOWN_STATUS_OF_INSERT",
    394: "QUERY_WAS_CANCELLED",
    425: "SYSTEM_ERROR",
    999: "KEEPER_EXCEPTION",
}
"""Code -> name of the errors that pass by themselves or when whoever runs the server has acted."""


_BAD_GATEWAY: Final = re.compile(r"HTTP status 50[0234]\b")
"""A server of ClickHouse's gives its code with every error; a page without one comes from a gateway before it."""


def fault_of(error: Exception, where: str) -> Fault:
    """What a failed call to ClickHouse at `where` means to the caller: try again, or stop."""
    code = getattr(error, "code", None)
    text = f"ClickHouse at {where}: {_one_line(error)}"
    if code in RETRIABLE:
        return SinkUnavailable(text)
    if code is None and (isinstance(error, (OperationalError, OSError)) or _BAD_GATEWAY.search(str(error))):
        # no answer, half of one, or a page of somebody between us
        return SinkUnavailable(text)
    if isinstance(error, Error | OSError):
        return SinkRefused(text)
    raise error


_SERVERS_WORDS: Final = re.compile(r"DB::Exception: (.*?)(?: \(version [^)]*\).*)?$")

_CAUSES: Final = (
    (
        re.compile("Failed to establish a new connection"),
        "nothing answers there: check SKILLPULSE_CLICKHOUSE, or start it",
    ),
    (re.compile("Failed to resolve"), "no such host: check SKILLPULSE_CLICKHOUSE"),
    (
        re.compile(r"certificate verify failed: (.*?)\.? \(_ssl"),
        r"its certificate is not trusted (\1): check SKILLPULSE_CLICKHOUSE_CA_FILE and the host's name",
    ),
    (re.compile("NO_CERTIFICATE_OR_CRL_FOUND"), "SKILLPULSE_CLICKHOUSE_CA_FILE holds no certificate"),
    (re.compile("WRONG_VERSION_NUMBER"), "TLS is not spoken there: is it http:// in SKILLPULSE_CLICKHOUSE?"),
    (
        re.compile("Remote end closed connection without response|Connection reset by peer"),
        "the connection ended without an answer; is it https:// in SKILLPULSE_CLICKHOUSE?",
    ),
)
"""What the client's words mean, and what to say instead."""


def _one_line(error: Exception) -> str:
    """What the server said, or why nothing came from it: without the client's wrapping."""
    line = " ".join(str(error).split())
    if said := _SERVERS_WORDS.search(line):
        line = said[1]
    elif isinstance(error, OperationalError):
        line = next((found.expand(words) for cause, words in _CAUSES if (found := cause.search(line))), line)
    return line if len(line) <= 500 else line[:500] + " ..."
