"""Every limit of the embedded endpoint, with its unit and reason, in one place."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1 << 20
GIBIBYTE = 1 << 30


@dataclass(frozen=True)
class Limits:
    """What one client may take from the process that everyone shares."""

    query_bytes: int = (
        MEBIBYTE  # a hand-written query is a few kB; ClickHouse's own parser default is 256 KiB
    )
    reader_body_bytes: int = 4 * MEBIBYTE  # a reader sends queries and parameters, never rows
    insert_bytes: int = 4 * GIBIBYTE  # uncompressed; a batch of 100,000 posts is about 150 MB
    uri_bytes: int = MEBIBYTE  # ClickHouse's http_max_uri_size
    header_bytes: int = 16 * 1024  # one header line; ClickHouse's own clients send a few hundred bytes

    connections: int = 256  # each costs a socket and about 20 kB; the product itself uses under 20
    connection_idle_seconds: float = 60  # idle keep-alive; longer than the 10 s pool recycling of clients
    head_seconds: float = 10  # to send the request line and headers: loopback needs milliseconds
    # between two pieces of a body, in either direction; for a reader's body, and for a form, the whole
    body_seconds: float = 30

    reader_threads: int = 8  # queries of readers that run at once: they must leave the writer its own
    writer_threads: int = 8  # worker, migrations, audit, recount
    queue_seconds: float = 10  # a query waits this long for a thread, then gets TOO_MANY_SIMULTANEOUS_QUERIES
    stop_seconds: float = 10  # after SIGTERM running statements get this long, then they are killed

    reader_seconds: float = 30  # default and upper bound of max_execution_time for readers ...
    reader_seconds_max: float = 120  # ... who may set it up to this
    reader_memory_bytes: int = 2 * GIBIBYTE
    reader_result_rows: int = 10_000_000
    reader_result_bytes: int = GIBIBYTE
    reader_threads_per_query: int = 4
    writer_seconds: float = 600  # the writer's default; it may set its own

    first_bytes: int = MEBIBYTE  # of the answer are held back, so that an error in them still gets its status
    whole_bytes: int = 32 * MEBIBYTE  # held back when the client asks wait_end_of_query=1

    def reader_settings(self, seconds: float | None = None) -> dict[str, str]:
        """The engine settings that bind one query of a reader; applied before readonly=1 locks them."""
        return {
            "max_execution_time": f"{self.reader_seconds if seconds is None else seconds:g}",
            "timeout_overflow_mode": "throw",
            "max_memory_usage": str(self.reader_memory_bytes),
            "max_result_rows": str(self.reader_result_rows),
            "max_result_bytes": str(self.reader_result_bytes),
            "result_overflow_mode": "throw",
            "max_threads": str(self.reader_threads_per_query),
            "max_query_size": str(self.query_bytes),
            "max_temporary_data_on_disk_size_for_query": str(self.reader_result_bytes),
            "max_rows_to_group_by": "100000000",
            "max_subquery_depth": "100",
            "allow_ddl": "0",
        }

    def writer_settings(self) -> dict[str, str]:
        """Defaults of the writer; each can be set otherwise by the request."""
        return {"max_execution_time": f"{self.writer_seconds:g}", "max_query_size": str(self.query_bytes)}


DEFAULT = Limits()
