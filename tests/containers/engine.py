"""Whether containers can run here, and what to install when they cannot."""

from __future__ import annotations

import shutil
import subprocess
from typing import Final

_ANSWER_SECONDS_MAX: Final = 30
_INSTALL: Final = (
    "Install Docker Engine 20.10 or newer with the plugins compose 2.20 or newer and buildx "
    "(https://docs.docker.com/engine/install/; on Ubuntu: apt-get install docker.io docker-compose-v2 docker-buildx)"
)


def missing() -> str | None:
    """Return what keeps containers from running, with the remedy; nothing when they can."""
    if shutil.which("docker") is None:
        return f"the command docker is missing. {_INSTALL}."
    if problem := _problem("docker", "version", "--format", "{{.Server.Version}}"):
        return f"no container engine answers ({problem}). Start it: systemctl start docker; and be in the group docker."
    for plugin in ("compose", "buildx"):
        if problem := _problem("docker", plugin, "version"):
            return f"docker has no {plugin} ({problem}). {_INSTALL}."
    return None


def _problem(*command: str) -> str | None:
    done = _run(*command)
    return None if done.returncode == 0 else (done.stderr.strip().splitlines() or ["no answer"])[-1]


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own command
        command, capture_output=True, text=True, timeout=_ANSWER_SECONDS_MAX, check=False
    )
