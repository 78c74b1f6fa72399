"""Which statements a user may run: decided on the engine's own parse of them, before they run.

The engine's read-only mode and its grants (config.py) stop writes, files, addresses and other processes.
What they let through is stopped here: INTO OUTFILE, KILL and SYSTEM for readers, the scalar function file(),
which reads any file of the machine, and for the writer disks and table engines that keep their data elsewhere.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Any

from .auth import Role
from .config import ENGINES
from .errors import ACCESS_DENIED, NOT_IMPLEMENTED, READONLY, SYNTAX_ERROR, ClickHouseError

# Statements of the engine's class CONTROL that the writer may run, by how the engine prints them.
_SESSION = ("SET ", "USE ")
_WRITER_CONTROL = ("SYSTEM ", "KILL ", "BACKUP ", "RESTORE ", *_SESSION)
# A table is attached as it was detached; with FROM or a definition it could lie anywhere.
_AS_IT_WAS = re.compile(r"(?:DETACH|ATTACH) TABLE [`\w.]+")
_REACHES_OUT = r"(?:in|out)?file|ai(?:redact|similarity|filter|classify|embed|extract|generate|translate)"
_FORBIDDEN = re.compile(rf"\b(?:{_REACHES_OUT})\b", re.IGNORECASE)
# A table of the writer's may choose its disk: disk(type = local, path = '/anywhere/') makes that folder.
_FORBIDDEN_IN_CHANGES = re.compile(rf"\b(?:{_REACHES_OUT}|disk|storage_policy)\b", re.IGNORECASE)
_ENGINE = re.compile(r"\bENGINE = `?(\w+)")
_STRINGS = re.compile(r"'(?:[^'\\]+|\\.|'')*'", re.DOTALL)
# A parameter can name a function too: arrayMap({f:Identifier}, [...]).
_IDENTIFIER_PARAMETER = re.compile(r"\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*:\s*Identifier\s*\}", re.IGNORECASE)


class Verdict(Enum):
    """What a statement that may run does."""

    READS = "reads"
    WRITES = "writes"
    SESSION = "changes the session"


def check(engine: Any, role: Role, sql: str, parameters: dict[str, str], method_reads_only: bool) -> Verdict:
    """Let the statement pass or raise the ClickHouseError that a server would answer.

    `engine` is an open chDB connection (it parses, nothing runs).
    """
    verdict = engine.classify_query(sql)
    kind: str = verdict["query_class"].name
    if verdict["statement_count"] > 1:
        raise ClickHouseError(SYNTAX_ERROR, "Syntax error: Multi-statements are not allowed.")
    reads_only = kind == "READ_ONLY"
    if kind == "UNKNOWN":
        _raise_syntax_error(engine, sql)
    if not reads_only and role is Role.READER:
        raise ClickHouseError(READONLY, "Cannot execute query in readonly mode.")
    if not reads_only and method_reads_only:
        raise ClickHouseError(
            READONLY,
            "Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly. "
            "You should use method POST for modifying queries.",
        )
    changes = kind not in ("READ_ONLY", "CONTROL")
    _refuse_names(engine, sql, parameters, _FORBIDDEN_IN_CHANGES if changes else _FORBIDDEN)
    if changes:
        _refuse_engines(engine, sql)
    if kind != "CONTROL":
        return Verdict.READS if reads_only else Verdict.WRITES
    printed = _canonical(engine, sql)
    if not printed.startswith(_WRITER_CONTROL) and not _AS_IT_WAS.fullmatch(printed):
        raise ClickHouseError(
            NOT_IMPLEMENTED, "This statement is not allowed over HTTP: it works outside the tables."
        )
    return Verdict.SESSION if printed.startswith(_SESSION) else Verdict.WRITES


def _refuse_names(engine: Any, sql: str, parameters: dict[str, str], forbidden: re.Pattern[str]) -> None:
    """Refuse names that reach files or services, wherever they stand outside string literals."""
    named = [parameters.get(name, "") for name in _IDENTIFIER_PARAMETER.findall(sql)]
    if "\\" not in sql and not any(forbidden.search(text) for text in (sql, *named)):
        return
    for text in (_STRINGS.sub("''", _canonical(engine, sql)), *named):
        found = forbidden.search(text)
        if found:
            raise ClickHouseError(
                ACCESS_DENIED, f"{found[0]} is not allowed here: it reaches outside the database."
            )


def _refuse_engines(engine: Any, sql: str) -> None:
    """Refuse tables of an engine that may keep its data outside (EmbeddedRocksDB) or runs scripts (Executable)."""
    if not re.search(r"\bengine\b", sql, re.IGNORECASE):
        return
    for name in _ENGINE.findall(_STRINGS.sub("''", _canonical(engine, sql))):
        if name not in ENGINES:
            raise ClickHouseError(ACCESS_DENIED, f"The engine {name} is not allowed here.")


def _canonical(engine: Any, sql: str) -> str:
    """The statement as the engine prints it: no comments, no escapes in names, one way to quote strings."""
    try:
        result = engine.query(
            "SELECT formatQuerySingleLine({sql:String})", "TSVRaw", params={"sql": escaped(sql)}
        )
    except RuntimeError as error:
        raise ClickHouseError.from_engine(str(error)) from None
    return (result.bytes() or b"").decode("utf-8", "replace").strip()


def _raise_syntax_error(engine: Any, sql: str) -> None:
    if not sql.strip(" \t\r\n;"):
        raise ClickHouseError(SYNTAX_ERROR, "Empty query.")
    try:
        engine.query(f"EXPLAIN AST {sql}", "Null")
    except RuntimeError as error:
        raise ClickHouseError.from_engine(str(error)) from None
    raise ClickHouseError(SYNTAX_ERROR, "Syntax error: the statement cannot be parsed.")


def escaped(value: str) -> str:
    """A parameter's value as ClickHouse reads it (TabSeparated escapes)."""
    return (
        value.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\0", "\\0")
    )
