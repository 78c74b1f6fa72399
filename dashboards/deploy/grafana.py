"""Calls of Grafana's HTTP API through grafana-api, whose failures become faults of one clear line."""

import json
import os
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from grafana_api.grafana_api import GrafanaAPI, GrafanaException

from dashboards.builder.query import PLUGIN
from schemas.faults import Fault

TOKEN_VARIABLE: Final = "GRAFANA_TOKEN"
_OLDEST: Final = (11, 6)
"""What the ClickHouse plugin 4.20 needs."""

_SECONDS: Final = 30.0
_EDITABLE: Final = {"X-Disable-Provenance": "true"}
"""Without it, alert rules could not be changed in Grafana itself any more."""


class GrafanaFault(Fault):
    """Grafana cannot be reached, refuses, or lacks something; the message says what to do."""


class Grafana:
    """One Grafana."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        if "@" in parts.netloc:  # addresses are shown in errors
            raise GrafanaFault(
                f"no user or password in Grafana's address, please: the token is in {TOKEN_VARIABLE}"
            )
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise GrafanaFault(f"{url!r} is not an address of Grafana: https://grafana.example.com")
        self._url = url
        prefix = f"{parts.path.strip('/')}/" if parts.path.strip("/") else ""
        self._api = GrafanaAPI(
            token, parts.hostname, parts.port, prefix, parts.scheme, verify=True, timeout=_SECONDS
        )

    @classmethod
    def from_environment(cls, url: str) -> "Grafana":
        """With the token of the environment. Raises GrafanaFault without one."""
        token = os.environ.get(TOKEN_VARIABLE, "").strip()
        if not token:
            raise GrafanaFault(f"set {TOKEN_VARIABLE} to the token of a service account with the role Admin")
        if not (token.isascii() and token.isprintable()):
            raise GrafanaFault(f"{TOKEN_VARIABLE} is no token: it holds characters that no header may")
        return cls(url, token)

    def get(self, path: str) -> Any | None:
        """What is there, None where nothing is."""
        return self._call("GET", path, None, missing=True)

    def put(self, path: str, body: Any) -> Any:
        """Replace."""
        return self._call("PUT", path, body)

    def post(self, path: str, body: Any) -> Any:
        """Make."""
        return self._call("POST", path, body)

    def require(self) -> str:
        """The version, once token, version and plugin are found fine. Raises GrafanaFault."""
        health = self.get("/health") or {}
        version = str(health.get("version", ""))
        numbers = tuple(int(part) for part in version.split("-")[0].split(".")[:2] if part.isdigit())
        if not numbers:
            raise GrafanaFault(f"{self._url} does not answer as Grafana does")
        if numbers < _OLDEST:
            raise GrafanaFault(f"Grafana {version} is too old: the ClickHouse plugin needs 11.6 or newer")
        self._call("GET", "/org", None)  # answers 401 where the token is wrong
        if self.get(f"/plugins/{PLUGIN}/settings") is None:
            raise GrafanaFault(f"Grafana lacks the plugin {PLUGIN}: grafana cli plugins install {PLUGIN}")
        return version

    def _call(self, method: str, path: str, body: Any, missing: bool = False) -> Any:
        headers = _EDITABLE if path.startswith("/v1/provisioning") else None
        try:
            return getattr(self._api, method)(path, json=body, headers=headers)
        except GrafanaException as error:
            if missing and error.status_code == 404:
                return None
            raise GrafanaFault(self._sentence(error, method, path)) from error
        except json.JSONDecodeError:
            return None  # an answer without a body: done
        except requests.exceptions.RequestException as error:
            raise GrafanaFault(f"Grafana at {self._url} does not answer: {type(error).__name__}") from error

    def _sentence(self, error: GrafanaException, method: str, path: str) -> str:
        if error.status_code == 401:
            return f"Grafana at {self._url} does not know the token in {TOKEN_VARIABLE}"
        if error.status_code == 403:
            return f"the token in {TOKEN_VARIABLE} may not {method} {path}: its service account needs the role Admin"
        return f"Grafana refused {method} {path}: {error.message}"
