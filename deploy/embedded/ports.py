"""Ports of one's own: chosen once, remembered in the data folder, the same after every restart."""

from __future__ import annotations

import random
import socket
from pathlib import Path
from typing import Final

from deploy.embedded.errors import EmbeddedServerError

LOOPBACK: Final = "127.0.0.1"
_LOWEST: Final = 20_000
_EPHEMERAL: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")
_EPHEMERAL_LOWEST_USUAL: Final = 32_768
_ATTEMPTS_MAX: Final = 200


def is_free(port: int) -> bool:
    """Return whether a server could listen on ``port`` of the loopback interface."""
    with socket.socket() as probe:
        # Connections that ended a moment ago do not matter, only a server that listens now.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """Return a free port below those the kernel lends to outgoing connections.

    A port from the kernel's own range would not do: while the server restarts, a client that keeps
    trying to reach it may be lent that very port, and the server could not come back.
    """
    highest = _lowest_ephemeral() - 1
    for _ in range(_ATTEMPTS_MAX):
        port = random.randint(_LOWEST, highest)  # noqa: S311  # no secret: any free port will do
        if is_free(port):
            return port
    message = f"no free port between {_LOWEST} and {highest} on {LOOPBACK}"
    raise EmbeddedServerError(message)


def remembered_port(file: Path, wanted: int | None = None) -> int:
    """Return the port that ``file`` remembers, or remember ``wanted`` or a free one.

    Raises:
        EmbeddedServerError: somebody else listens on it.
    """
    remembered = int(file.read_text("ascii")) if file.exists() else None
    port = wanted or remembered or free_port()
    if not is_free(port):
        message = (
            f"port {port} on {LOOPBACK} is taken by another program. Stop that program, "
            f"or delete {file} so that another port is chosen."
        )
        raise EmbeddedServerError(message)
    if port != remembered:
        file.write_text(f"{port}\n", "ascii")
    return port


def _lowest_ephemeral() -> int:
    try:
        lowest = int(_EPHEMERAL.read_text("ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return _EPHEMERAL_LOWEST_USUAL
    return max(lowest, _LOWEST + _ATTEMPTS_MAX)
