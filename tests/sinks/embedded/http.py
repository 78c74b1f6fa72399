"""A bare HTTP client: what curl would send, nothing added by a driver."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from urllib.parse import urlencode

from sinks.embedded.auth import ANALYST
from sinks.embedded.home import Endpoint


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def code(self) -> int:
        return int(self.headers.get("x-clickhouse-exception-code", 0))


class Http:
    """Requests to one endpoint, as the writer or as another user."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    def send(
        self,
        method: str = "GET",
        path: str = "/",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        **parameters: str,
    ) -> Reply:
        connection = http.client.HTTPConnection(self.endpoint.host, self.endpoint.port, timeout=60)
        try:
            target = f"{path}?{urlencode(parameters)}" if parameters else path
            connection.request(method, target, body=body, headers=headers or {})
            response = connection.getresponse()
            return Reply(
                response.status,
                {name.lower(): value for name, value in response.getheaders()},
                response.read(),
            )
        finally:
            connection.close()

    def write(self, sql: str | bytes, headers: dict[str, str] | None = None, **parameters: str) -> Reply:
        """POST as the writer, in database skillpulse."""
        known = {
            "X-ClickHouse-User": self.endpoint.user,
            "X-ClickHouse-Key": self.endpoint.password,
            "X-ClickHouse-Database": "skillpulse",
        }
        body = sql.encode() if isinstance(sql, str) else sql
        return self.send("POST", body=body, headers={**known, **(headers or {})}, **parameters)

    def read(self, sql: str, user: str = ANALYST, **parameters: str) -> Reply:
        """POST as a reader, in database skillpulse."""
        return self.send(
            "POST",
            body=sql.encode(),
            headers={"X-ClickHouse-User": user},
            database="skillpulse",
            **parameters,
        )

    def ok(self, sql: str | bytes, **parameters: str) -> str:
        """The writer's answer, which must be a success."""
        reply = self.write(sql, **parameters)
        assert reply.status == 200, reply.text
        return reply.text.rstrip("\n")
