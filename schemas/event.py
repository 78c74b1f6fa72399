"""From the bytes of any record to its event, or to the reason why not. Pure."""

from typing import Protocol, TypeVar

import msgspec

from schemas.rejected import RejectedEvent

Event = TypeVar("Event", covariant=True)


class Decoder(Protocol[Event]):
    """What is needed of `msgspec.json.Decoder`."""

    def decode(self, buf: bytes, /) -> Event:
        """The event in `buf`."""


class _Version(msgspec.Struct):
    schema_version: str | float | None = None


_VERSION_DECODER = msgspec.json.Decoder(_Version)


def decode_event(decoder: Decoder[Event], value: bytes | None, major: int) -> Event:
    """The event in `value`, whose schema has the version `major`. Raises RejectedEvent."""
    if not value:
        raise RejectedEvent("empty", "the record has no value")
    try:
        return decoder.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _reason(value, error, major) from error


def _reason(value: bytes, error: Exception, major: int) -> RejectedEvent:
    """Why `value` did not decode: the version first, since another version may differ in every field."""
    try:
        value.decode()
    except UnicodeDecodeError as bad:
        return RejectedEvent("not_utf8", f"byte {bad.start} is not valid UTF-8")
    try:
        version = _VERSION_DECODER.decode(value).schema_version
    except (msgspec.DecodeError, RecursionError):
        version = None
    if version is not None and str(version).partition(".")[0] != str(major):
        return RejectedEvent(
            "unknown_version", f"schema_version {version!r}: this worker knows version {major}"
        )
    if isinstance(error, RecursionError):
        return RejectedEvent("not_json", "nested too deeply to be an event")
    code = "invalid" if isinstance(error, msgspec.ValidationError) else "not_json"
    return RejectedEvent(code, str(error))
