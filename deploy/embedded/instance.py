"""One of our services as a child process on loopback that keeps its port and its log in a folder."""

from __future__ import annotations

import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from deploy.embedded.ports import LOOPBACK, remembered_port
from deploy.embedded.process import ServerProcess

_ROOT: Final = Path(__file__).resolve().parents[2]
_READY_SECONDS_MAX: Final = 60.0
_ANSWER_SECONDS_MAX: Final = 2.0


class EmbeddedInstance:
    """``python -m services.<name>``, told what it needs through its environment as in a container."""

    def __init__(self, name: str, folder: Path, settings: Mapping[str, str], *, called: str | None = None) -> None:
        """Prepare the service ``name``; ``called`` tells it from others of its kind."""
        self.name = name
        self.called = called or name
        self._folder = folder.resolve() / self.called
        self._settings = dict(settings)
        self._port: int | None = None
        self._process = ServerProcess(self.called, self._folder, signal.SIGTERM)

    @property
    def url(self) -> str:
        """Where it is served; known once it has been started."""
        assert self._port is not None, f"{self.called} has not been started"
        return f"http://{LOOPBACK}:{self._port}"

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._process.is_running

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid

    @property
    def log_file(self) -> Path:
        """Where it logs, over all its starts."""
        return self._process.log_file

    def start(self) -> None:
        """Start it and return when it is ready.

        Raises:
            EmbeddedServerError: it ended or did not become ready; the message holds the end of its log.
        """
        if self.is_running:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        self._process.claim()
        try:
            self._port = remembered_port(self._folder / "port")
            self._process.start(
                [sys.executable, "-m", f"services.{self.name}"],
                self._is_ready,
                _READY_SECONDS_MAX,
                environment=self._environment(self._port),
            )
        except BaseException:
            self._process.kill()
            raise

    def stop(self) -> None:
        """Ask it to stop, and wait until it has."""
        self._process.stop()

    def kill(self) -> None:
        """Kill it as a power cut would."""
        self._process.kill()

    def _environment(self, port: int) -> dict[str, str]:
        prefix = self.name.upper()
        told = {**self._settings, "http_host": LOOPBACK, "http_port": str(port)}
        return {
            **{f"{prefix}_{setting.upper()}": value for setting, value in told.items()},
            "PYTHONPATH": os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
        }

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=_ANSWER_SECONDS_MAX) as answer:  # noqa: S310  # loopback
                return bool(answer.status == 200)  # noqa: PLR2004  # HTTP's own number
        except (urllib.error.URLError, OSError):
            return False
