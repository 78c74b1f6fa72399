"""The chDB engine: one open data folder, one short-lived connection per statement, run in worker threads."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO

from . import gate
from .auth import Role
from .errors import NOT_ENOUGH_SPACE, QUERY_IS_TOO_LARGE, ClickHouseError
from .limits import Limits
from .request import Request, effective_settings
from .sessions import Sessions
from .statement import Insert, decoded, has_rows_apart, insert_with_data, is_select, output_format

DATABASE = "skillpulse"  # made at start, as a server's image makes the one named CLICKHOUSE_DB

# Formats whose blocks can be sent one after the other; all others have a frame around the whole result.
STREAMED = frozenset(
    [
        "Native",
        "RowBinary",
        "TabSeparated",
        "TSV",
        "TabSeparatedRaw",
        "TSVRaw",
        "CSV",
        "JSONEachRow",
        "JSONLines",
        "NDJSON",
        "JSONCompactEachRow",
        "LineAsString",
        "RawBLOB",
        "Null",
    ]
)
# A server's own defaults where chDB's differ, and the log of statements that config.py keeps for clients.
_DEFAULTS = {"implicit_select": "0", "allow_introspection_functions": "0", "log_queries": "1"}
_PIECE = 1 << 20
_HEAD = 256 * 1024


@dataclass
class Summary:
    """What a statement did; X-ClickHouse-Summary shows it (all numbers as text, as the server does)."""

    read_rows: int = 0
    read_bytes: int = 0
    written_rows: int = 0
    written_bytes: int = 0
    result_rows: int = 0
    result_bytes: int = 0
    elapsed_ns: int = 0

    def json(self) -> str:
        """The header's value."""
        fields = {**self.__dict__, "total_rows_to_read": self.read_rows}
        return json.dumps({name: str(number) for name, number in fields.items()}, separators=(",", ":"))


@dataclass
class Job:
    """One request on its way through a worker thread.

    `send` takes a piece of the answer and waits while the client is slow; False says the client is gone.
    """

    role: Role
    request: Request
    body: BinaryIO
    reads_only: bool
    send: Callable[[bytes], bool]
    format: str | None = None  # known before the first send; None when the statement has no result
    summary: Summary = field(default_factory=Summary)


class Engine:
    """The embedded ClickHouse on one folder. Thread-safe; one process can open one folder."""

    def __init__(self, folder: str, config: str, limits: Limits) -> None:
        """Open `folder`; both paths relative to the working directory: chDB misreads `?` and `&` in them."""
        from chdb import _chdb

        self._chdb: Any = _chdb
        self._folder = folder
        self._limits = limits
        self._keeper = self._chdb.connect(f"{folder}?config-file={config}")  # holds the engine open
        self._sessions = Sessions()
        self.version: str = self._keeper.query("SELECT version()", "TSVRaw").bytes().decode().strip()
        self.timezone: str = self._keeper.query("SELECT timezone()", "TSVRaw").bytes().decode().strip()

    def close(self) -> None:
        """Shut the engine down; every statement must have ended."""
        self._keeper.close()

    def alive(self) -> bool:
        """Whether a statement can run right now."""
        with self._connection() as connection:
            return bool(connection.query("SELECT 1", "TSVRaw").bytes() == b"1\n")

    def command(self, sql: str) -> None:
        """Run a statement of the process itself, without limits or gate."""
        with self._connection() as connection:
            connection.query(sql, "Null")

    def kill(self, query_id: str | None = None) -> None:
        """Cancel the statement with this id, or all of them; they end with QUERY_WAS_CANCELLED."""
        which = "1" if query_id is None else f"Settings['log_comment'] = {quoted(query_id)}"
        with suppress(ClickHouseError):
            self.command(f"KILL QUERY WHERE {which} ASYNC")

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        with _engine_errors():
            connection = self._chdb.connect(self._folder)
        try:
            with _engine_errors():
                yield connection
        finally:
            connection.close()

    def run(self, job: Job) -> None:
        """Gate and run the job's statement, sending its answer; raises ClickHouseError."""
        request = job.request
        head = job.body.read(_HEAD)
        if request.query:
            head = request.query.encode() + (b"\n" + head if head else b"")
        insert = insert_with_data(head)
        with self._connection() as connection:
            if insert is not None:
                self._insert(connection, job, insert, head)
            else:
                self._statement(connection, job, self._whole(job, head))

    def _whole(self, job: Job, head: bytes) -> str:
        limit = self._limits.query_bytes if job.role is Role.READER else self._limits.insert_bytes
        pieces = [head]
        size = len(head)
        while piece := job.body.read(_PIECE):
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                break
        if size > limit:
            raise ClickHouseError(QUERY_IS_TOO_LARGE, f"The query is larger than {limit} bytes.")
        return decoded(b"".join(pieces))

    def _prepare(self, connection: Any, job: Job, sql: str) -> gate.Verdict:
        """Bind database, limits, settings and parameters to the connection; pass the gate."""
        request = job.request
        if request.session_id:
            for said in self._sessions.resume(_session(job), request.session_check, request.session_seconds):
                connection.query(said, "Null")
        _use(connection, request.database)
        parameters = {f"param_{name}": value for name, value in request.parameters.items()}
        settings = effective_settings(job.role, request.settings, self._limits)
        locked = {"readonly": "1"} if job.role is Role.READER else {}  # last: it forbids every SET after it
        _apply(connection, {**_DEFAULTS, "log_comment": request.query_id, **settings, **parameters, **locked})
        return gate.check(connection, job.role, sql, request.parameters, job.reads_only)

    def _insert(self, connection: Any, job: Job, insert: Insert, head: bytes) -> None:
        """Run an insert over its rows in a file.

        The engine has an interface for streams of rows (`send_insert`), but in chdb-core 26.9 that says nothing
        when the table refuses them (too many parts, disk full): rows would be acknowledged and lost.
        """
        self._prepare(connection, job, f"{insert.sql} FORMAT {insert.format}")
        with NamedTemporaryFile(prefix="insert-") as rows:  # in the process's own folder: see __main__
            size = 0
            piece = head[insert.data_from :]
            while piece:
                size += len(piece)
                if size > self._limits.insert_bytes:
                    raise ClickHouseError(
                        QUERY_IS_TOO_LARGE,
                        f"The insert is larger than {self._limits.insert_bytes} bytes: send smaller batches.",
                    )
                rows.write(piece)
                piece = job.body.read(_PIECE)
            rows.flush()
            result = connection.query(insert.from_file(quoted(os.path.relpath(rows.name))), "Null")
        job.summary.written_rows = job.summary.read_rows = result.rows_written()
        job.summary.written_bytes = job.summary.read_bytes = result.bytes_written()
        job.summary.elapsed_ns = int(result.elapsed() * 1e9)

    def _statement(self, connection: Any, job: Job, sql: str) -> None:
        verdict = self._prepare(connection, job, sql)
        if verdict is not gate.Verdict.READS:
            result = connection.query(sql, job.request.default_format)
            self._account(job, result)
            job.summary.written_rows = result.rows_written()
            job.summary.written_bytes = result.bytes_written()
            if verdict is gate.Verdict.SESSION and job.request.session_id:
                self._sessions.remember(_session(job), sql)
            job.send(result.bytes() or b"")
            return
        job.format = output_format(sql) or job.request.default_format
        if job.format not in STREAMED or not is_select(sql) or has_rows_apart(sql):
            result = connection.query(sql, job.format)
            self._account(job, result)
            whole = memoryview(result.bytes() or b"")
            for at in range(0, len(whole), _PIECE):
                if not job.send(bytes(whole[at : at + _PIECE])):
                    return
            return
        stream = connection.send_query(sql, job.format)
        while True:
            result = connection.streaming_fetch_result(stream)
            if result is None or result.rows_read() == 0:
                return
            self._account(job, result)
            if not job.send(result.bytes() or b""):
                connection.streaming_cancel_query(stream)
                return

    def _account(self, job: Job, result: Any) -> None:
        summary = job.summary
        summary.result_rows += result.rows_read()
        summary.result_bytes += result.bytes_read()
        summary.read_rows = max(summary.read_rows, result.storage_rows_read())
        summary.read_bytes = max(summary.read_bytes, result.storage_bytes_read())
        summary.elapsed_ns = int(result.elapsed() * 1e9)


@contextmanager
def _engine_errors() -> Iterator[None]:
    """The engine raises RuntimeError with ClickHouse's text, a full disk OSError; make it a ClickHouseError."""
    try:
        yield
    except RuntimeError as error:
        raise ClickHouseError.from_engine(str(error)) from None
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise ClickHouseError(NOT_ENOUGH_SPACE, f"{error.strerror}: the disk of the data is full.") from None


def _session(job: Job) -> str:
    return f"{job.role.value} {job.request.session_id}"


def _use(connection: Any, database: str) -> None:
    """Enter the database; without a name ours, for in chDB's `default` a table's name can be a file's."""
    try:
        connection.query(f"USE {identifier(database or DATABASE)}", "Null")
    except RuntimeError:
        if database:
            raise


def _apply(connection: Any, settings: Mapping[str, str]) -> None:
    """SET these settings on the connection."""
    connection.query(
        "SET " + ", ".join(f"{name} = {quoted(value)}" for name, value in settings.items()), "Null"
    )


def quoted(text: str) -> str:
    """A string literal."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\0", "\\0") + "'"


def identifier(name: str) -> str:
    """A quoted name."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"
