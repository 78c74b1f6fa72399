"""Worker processes that are killed, frozen and started again, as a supervisor would."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from pydantic import SecretStr

from streams.settings import Settings


def environment_of(settings: Settings) -> dict[str, str]:
    """The variables that say what `settings` say, secrets too."""
    said = settings.model_dump(exclude_defaults=True)
    return {
        f"SKILLPULSE_{name.upper()}": value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name, value in said.items()
    }


class Worker:
    """`skillpulse worker` with its settings in the environment, run from `module`."""

    def __init__(self, environment: dict[str, str], log: Path, module: str = "streams") -> None:
        self.environment = {**os.environ, **environment}
        self._log = log
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None
        self.restarts = 0
        self.frozen = False

    def start(self) -> None:
        """Start it; returns at once."""
        log = self._log.open("ab")
        with log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._module, "worker"],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def pid(self) -> int | None:
        """Its process id, while there is one."""
        return self._process.pid if self._process else None

    @property
    def running(self) -> bool:
        """Whether the process is there, frozen or not."""
        return self._process is not None and self._process.poll() is None

    def supervise(self) -> None:
        """Start it again if it ended by itself."""
        if self._process is not None and self._process.poll() is not None:
            self.restarts += 1
            self.start()

    def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            self.frozen = False

    def freeze(self) -> None:
        """SIGSTOP: the broker thinks it dead, it does not know."""
        self._signal(signal.SIGSTOP)
        self.frozen = True

    def thaw(self) -> None:
        """SIGCONT: it goes on where it was, as a zombie."""
        self._signal(signal.SIGCONT)
        self.frozen = False

    def stop(self) -> None:
        """SIGTERM, an orderly stop; by force when that takes too long."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(40)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def words(self) -> str:
        """The end of its log."""
        return self._log.read_text(errors="replace")[-3_000:]

    def _signal(self, number: int) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)
