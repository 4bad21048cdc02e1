"""What every command works with: settings, a language, a screen, and links that are opened when they are needed."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from contracts.identifiers import Tingkat
from services.desk.adapters.link import Link
from services.desk.adapters.memory import Memory
from services.desk.adapters.own_files import read_key
from services.desk.adapters.screen import Screen
from services.desk.core.figures import duration
from services.desk.core.misuse import MisuseError
from services.desk.core.speech import Speech


@dataclass(slots=True)
class Workplace:
    """One operator at one office, for one command."""

    speech: Speech
    screen: Screen
    opened: ExitStack
    """Closes what was opened when the command ends."""
    ingest_url: str | None
    gateway_url: str | None
    office_code: str | None
    key_file: Path | None
    patience_seconds: float
    config: Path
    """Where ``login`` writes."""
    state: Path
    """Folder of what the desk remembers."""
    _ingest: Link | None = field(default=None, init=False)
    _gateway: Link | None = field(default=None, init=False)
    _memory: Memory | None = field(default=None, init=False)

    @property
    def ingest(self) -> Link:
        """The office's ingest.

        Raises:
            MisuseError: its address or the key is not known.
        """
        if self._ingest is None:
            self._ingest = self.link(_needed("ingest", self.ingest_url), key=read_key(self.key_file))
        return self._ingest

    @property
    def gateway(self) -> Link:
        """The province's gateway.

        Raises:
            MisuseError: its address is not known.
        """
        if self._gateway is None:
            self._gateway = self.link(_needed("gateway", self.gateway_url), key=None)
        return self._gateway

    @property
    def memory(self) -> Memory:
        """What was pushed from here to this ingest."""
        if self._memory is None:
            self._memory = self.opened.enter_context(Memory(self.state, _needed("ingest", self.ingest_url)))
        return self._memory

    def office(self) -> str:
        """Return the code of the office: as it was told, else as ingest knows it by the key."""
        return self.office_code or str(self.ingest.get("/v1/status")["office"])

    def decider(self) -> str:
        """Return the office that the key belongs to: in its name everything is said."""
        return str(self.ingest.get("/v1/status")["office"])

    def whose(self, named: str | None) -> str | None:
        """Return whose records a command is about: the office it names, else this one; all of them at the province."""
        office = named or self.office()
        return office if len(office) > Tingkat.PROVINSI else None

    def link(self, url: str, *, key: str | None) -> Link:
        """Open a link that says when it has to wait."""

        def waiting(seconds: float, why: str) -> None:
            self.screen.remark("link-waiting", seconds=duration(seconds, self.speech.language), why=why)

        return self.opened.enter_context(Link(url, key=key, patience_seconds=self.patience_seconds, waiting=waiting))


def _needed(name: str, value: str | None) -> str:
    if value is None:
        raise MisuseError(text="setting-missing", name=name)
    return value
