"""Pure tests decide, they do not talk: whatever opens a connection in one of them fails."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def closed_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection and every port; the event loop's own pair of sockets is not affected."""
    for name in ("connect", "connect_ex", "bind"):
        monkeypatch.setattr(socket.socket, name, _refusing(getattr(socket.socket, name), name))


def _refusing(real: Callable[..., Any], name: str) -> Callable[..., Any]:
    def refuse(self: socket.socket, address: Any) -> Any:
        if self.family == socket.AF_UNIX:
            return real(self, address)
        message = f"a pure test called socket.{name}({address!r}); tests that need a server belong in tests/integration"
        raise AssertionError(message)

    return refuse
