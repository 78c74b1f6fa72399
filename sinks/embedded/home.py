"""The engine's place under SKILLPULSE_HOME: folder, lock, token, and the file that says where it listens."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from schemas.faults import Fault

from .auth import ANALYST, GRAFANA, WRITER, Account, accounts


class CannotStart(Fault):
    """The engine cannot start here; the message is one line for the user, who has to act. Exit status 1."""


@dataclass(frozen=True)
class Endpoint:
    """Where a running engine listens, as clickhouse.json says it."""

    host: str
    port: int
    pid: int
    user: str
    password: str
    analyst: str
    analyst_password: str
    grafana: str
    grafana_password: str

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{self.host}:{self.port}"


class Home:
    """`HOME/clickhouse/` holds data, tmp (swept at start), token; beside it clickhouse.json and `backups/`."""

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()
        self.folder = self.home / "clickhouse"
        self.store = self.folder / "data"
        self.tmp = self.folder / "tmp"
        self.backups = self.home / "backups"
        self.endpoint_file = self.home / "clickhouse.json"
        self._lock: int | None = None

    def claim(self) -> None:
        """Make the folders, take the lock, sweep what a killed process left. Raises CannotStart."""
        try:
            for folder in (self.home, self.folder, self.store, self.backups):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise CannotStart(f"cannot use the folder {self.folder}: {error.strerror}") from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(self._lock, 32).decode(errors="replace").strip() or "another process"
            raise CannotStart(
                f"{self.folder} is in use by process {owner}: stop it, or choose another SKILLPULSE_HOME"
            ) from None
        os.truncate(self._lock, 0)
        os.write(self._lock, f"{os.getpid()}\n".encode())
        try:
            shutil.rmtree(self.tmp, ignore_errors=True)
            self.tmp.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise CannotStart(f"cannot write to {self.folder}: {error.strerror}") from None
        self.endpoint_file.unlink(missing_ok=True)

    def accounts(self) -> dict[str, Account]:
        """The users: the writer's token is made once and kept, readers' passwords are in the environment."""
        secret = self.folder / "writer.token"
        try:
            token = secret.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            token = ""
        if not token:
            token = secrets.token_urlsafe(32)
            _write_private(secret, token + "\n")
        return accounts(
            token,
            os.environ.get("SKILLPULSE_ANALYST_PASSWORD", ""),
            os.environ.get("SKILLPULSE_GRAFANA_PASSWORD", ""),
        )

    def publish(self, host: str, port: int, users: dict[str, Account]) -> None:
        """Write clickhouse.json, readable by its owner alone, in one step."""
        endpoint = Endpoint(
            host=host,
            port=port,
            pid=os.getpid(),
            user=WRITER,
            password=users[WRITER].password,
            analyst=ANALYST,
            analyst_password=users[ANALYST].password,
            grafana=GRAFANA,
            grafana_password=users[GRAFANA].password,
        )
        _write_private(self.endpoint_file, json.dumps(asdict(endpoint), indent=1) + "\n")

    def endpoint(self) -> Endpoint | None:
        """What clickhouse.json says, or None when no engine runs here."""
        try:
            return Endpoint(**json.loads(self.endpoint_file.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def withdraw(self) -> None:
        """Take clickhouse.json away: nobody listens any more."""
        self.endpoint_file.unlink(missing_ok=True)


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
