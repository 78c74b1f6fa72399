"""A local server that answers the calls that push makes as Grafana 13 does: its contract, recorded in code."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "glsa_right"


class GrafanaStandIn:
    """What stands in this Grafana, by path; `wrote` counts the calls that changed something."""

    def __init__(self, version: str = "13.0.0", plugin: bool = True) -> None:
        self.version, self.plugin = version, plugin
        self.there: dict[str, Any] = {}
        self.wrote: list[str] = []
        self.secrets: dict[str, str] = {}  # kept, and never shown

    def answer(self, method: str, path: str, token: str, headers: Any, body: Any) -> tuple[int, Any]:
        if path == "/api/health":
            return 200, {"database": "ok", "version": self.version}
        if token != f"Bearer {TOKEN}":
            return 401, {"message": "Invalid API key"}
        if path == "/api/org":
            return 200, {"id": 1}
        if path.startswith("/api/plugins/"):
            return (200, {"enabled": True}) if self.plugin else (404, {"message": "Plugin not found"})
        if method == "GET":
            return (200, self.there[path]) if path in self.there else (404, {"message": "not found"})
        return self._write(method, path, headers, body)

    def _write(self, method: str, path: str, headers: Any, body: Any) -> tuple[int, Any]:
        self.wrote.append(f"{method} {path}")
        if path == "/api/folders":
            return self._store(f"/api/folders/{body['uid']}", body, {"uid", "title"})
        if path == "/api/datasources" or path.startswith("/api/datasources/uid/"):
            self.secrets |= body.get("secureJsonData", {})
            kept = {key: value for key, value in body.items() if key != "secureJsonData"}
            return self._store(
                f"/api/datasources/uid/{body['uid']}", kept, {"name", "type", "access", "jsonData"}
            )
        if path == "/api/dashboards/db":
            if "/api/folders/" + body["folderUid"] not in self.there or "id" in body["dashboard"]:
                return 400, {"message": "folder not found"}
            uid = body["dashboard"]["uid"]
            return self._store(
                f"/api/dashboards/uid/{uid}", {"dashboard": {**body["dashboard"], "id": 7}, "meta": {}}, set()
            )
        if path.startswith("/api/v1/provisioning/alert-rules"):
            if headers.get("X-Disable-Provenance") != "true":
                return 403, {"message": "provenance"}
            needed = {
                "uid",
                "title",
                "ruleGroup",
                "folderUID",
                "condition",
                "data",
                "noDataState",
                "execErrState",
                "for",
                "orgID",
            }
            return self._store(f"/api/v1/provisioning/alert-rules/{body['uid']}", body, needed)
        return 404, {"message": f"{method} {path} is no call of Grafana's"}

    def _store(self, path: str, body: Any, needed: set[str]) -> tuple[int, Any]:
        if missing := needed - set(body):
            return 400, {"message": f"missing {sorted(missing)}"}
        self.there[path] = {**body, "updated": "2026-01-01T00:00:00Z"}
        return 200, {"message": "ok"}


@contextmanager
def running(grafana: GrafanaStandIn) -> Iterator[str]:
    """Serve it on loopback; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            status, answer = grafana.answer(
                self.command, self.path, self.headers.get("Authorization", ""), self.headers, body
            )
            payload = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = do_PUT = _handle  # noqa: N815  # the names that http.server calls

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
