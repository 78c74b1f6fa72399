"""The loop of an ingest: row, event, send. Everything that it touches is handed in."""

from collections.abc import Callable, Iterable
from typing import Protocol

from streams.files import reading
from streams.ingest.formats import reader_for
from streams.ingest.parse import Parse
from streams.ingest.report import Report
from streams.ingest.row import UNREADABLE
from streams.sender import RecordTooLarge


class Send(Protocol):
    """Takes one record, as Sender.send does."""

    def __call__(self, key: bytes, value: bytes) -> None:
        """Send `value` under `key`."""


Progress = Callable[[str, int], object]
"""Called with the file's name and the bytes of it read so far."""

_PROGRESS_EVERY = 2_000  # rows: several times a second, and no cost that shows


def ingest(
    files: Iterable[str],
    form: str | None,
    parse: Parse,
    send: Send | None,
    send_invalid: bool,
    report: Report,
    progress: Progress,
) -> None:
    """Read `files` one after the other and `send` their posts; None sends nothing (a dry run).

    Valid posts are sent, invalid ones only with `send_invalid`, unreadable rows never. Raises FileFault.
    """
    for name in files:
        read = reader_for(name, form)
        with reading(name) as (content, raw):
            for row in read(content):
                report.rows += 1
                event = parse(row)
                if event.reason:
                    report.add_bad(name, row.number, event.reason, event.detail)
                else:
                    report.posts += 1
                if send is not None and event.value and (send_invalid or not event.reason):
                    try:
                        send(event.key, event.value)
                        report.sent += 1
                        report.bytes += len(event.value)
                    except RecordTooLarge as error:
                        report.add_bad(name, row.number, UNREADABLE, str(error))
                if report.rows % _PROGRESS_EVERY == 0:
                    progress(name, raw.tell() if raw.seekable() else 0)
