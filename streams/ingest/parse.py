"""From a row to a valid event, or to the reason why not. Pure."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import msgspec

from schemas.decode import decode_post
from schemas.rejected import RejectedEvent
from streams.ingest.convert import Converter
from streams.ingest.mapping import OWN, Mapping, load_mapping
from streams.ingest.row import UNREADABLE, Row


class Event(NamedTuple):
    """What to send for a row: key and value; `reason` and `detail` are empty where it is a valid event.

    `reason` is one of schemas.rejected.REASONS, or UNREADABLE, where there is no value to send.
    """

    key: bytes
    value: bytes
    reason: str = ""
    detail: str = ""


Parse = Callable[[Row], Event]

_UNREADABLE_CODES = frozenset({"empty", "not_utf8", "not_json"})


def parser(mapping: Mapping | None, now: Callable[[], datetime]) -> Parse:
    """How rows become events: lines of JSONL as they stand unless there is a `mapping`.

    `now` is asked for each row for the time that `posted_at` must not lie far ahead of: a pipe may flow for weeks.
    """
    mapped = Converter(mapping or load_mapping(OWN))

    def post_id(value: bytes) -> str:
        return decode_post(value, now()).post_id

    def parse(row: Row) -> Event:
        if row.fault:
            return Event(b"", b"", UNREADABLE, row.fault)
        if row.raw and mapping is None:
            return checked(row.raw, post_id)
        try:
            fields = row.fields if row.fields is not None else msgspec.json.decode(row.raw)
            if not isinstance(fields, dict):
                raise ValueError(f"expected an object, got {type(fields).__name__}")
            return checked(msgspec.json.encode(mapped.post(fields)), post_id)
        except (ValueError, RecursionError) as error:  # msgspec's and Unicode's errors are ValueErrors
            return Event(b"", b"", UNREADABLE, str(error))

    return parse


def checked(value: bytes, key_of: Callable[[bytes], str]) -> Event:
    """The event in `value`: `key_of` decodes it and gives the record's key, or raises RejectedEvent."""
    try:
        return Event(key_of(value).encode(), value)
    except RejectedEvent as rejected:
        if rejected.code in _UNREADABLE_CODES:
            return Event(b"", b"", UNREADABLE, rejected.detail)
        return Event(_key(value), value, rejected.code, rejected.detail)


class _Id(msgspec.Struct):
    post_id: str = ""
    respondent_id: str = ""


def _key(value: bytes) -> bytes:
    """The id of an invalid event if it has one, so that it goes where the valid one would go."""
    try:
        ids = msgspec.json.decode(value, type=_Id)
        return (ids.post_id or ids.respondent_id).encode()
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return b""
