"""From a row to a valid event, or to the reason why not. Pure."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import msgspec

from schemas.decode import RejectedPost, decode_post
from streams.ingest.convert import Converter
from streams.ingest.mapping import OWN, Mapping, load_mapping
from streams.ingest.row import UNREADABLE, Row


class Event(NamedTuple):
    """What to send for a row: key and value; `reason` and `detail` are empty where it is a valid post.

    `reason` is one of schemas.decode.REASONS, or UNREADABLE, where there is no value to send.
    """

    key: bytes
    value: bytes
    reason: str = ""
    detail: str = ""


Parse = Callable[[Row], Event]

_UNREADABLE_CODES = frozenset({"empty", "not_utf8", "not_json"})


def parser(mapping: Mapping | None, now: datetime) -> Parse:
    """How rows become events: lines of JSONL as they stand unless there is a `mapping`.

    `now` is the time that `posted_at` must not lie far ahead of.
    """
    mapped = Converter(mapping or load_mapping(OWN))

    def parse(row: Row) -> Event:
        if row.fault:
            return Event(b"", b"", UNREADABLE, row.fault)
        if row.raw and mapping is None:
            return _checked(row.raw, now)
        try:
            fields = row.fields if row.fields is not None else msgspec.json.decode(row.raw)
            if not isinstance(fields, dict):
                raise ValueError(f"expected an object, got {type(fields).__name__}")
            return _checked(msgspec.json.encode(mapped.post(fields)), now)
        except (ValueError, RecursionError) as error:  # msgspec's and Unicode's errors are ValueErrors
            return Event(b"", b"", UNREADABLE, str(error))

    return parse


def _checked(value: bytes, now: datetime) -> Event:
    try:
        return Event(decode_post(value, now).post_id.encode(), value)
    except RejectedPost as rejected:
        if rejected.code in _UNREADABLE_CODES:
            return Event(b"", b"", UNREADABLE, rejected.detail)
        return Event(_key(value), value, rejected.code, rejected.detail)


class _Id(msgspec.Struct):
    post_id: str = ""


def _key(value: bytes) -> bytes:
    """The post_id of an invalid event if it has one, so that it goes where its post would go."""
    try:
        return msgspec.json.decode(value, type=_Id).post_id.encode()
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return b""
