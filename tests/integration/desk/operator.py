"""An operator at her desk: the command line as a process of its own, as it is called every day."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.desk.core.ending import Ending
from tests.builders import OFFICE

_SECONDS_MAX = 60


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    ending: Ending
    out: str
    aside: str

    @property
    def answer(self) -> Any:
        """Return what it answered to a machine."""
        return json.loads(self.out)


@dataclass
class Operator:
    """One operator with a home of her own."""

    home: Path
    ingest: str
    gateway: str | None = None
    office: str = OFFICE
    key: str = ""
    patience: float = 0
    environ: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Lay her key beside her."""
        self.home.mkdir(exist_ok=True)
        (self.home / "kunci").write_text(self.key or f"kunci-{self.office}")

    async def run(self, *argv: object, stdin: str = "") -> Said:
        """Give a command and wait for its end."""
        process = await self.start(*argv)
        out, aside = await asyncio.wait_for(process.communicate(stdin.encode()), _SECONDS_MAX)
        assert b"Traceback" not in aside, aside.decode()
        assert process.returncode is not None
        return Said(Ending(process.returncode), out.decode(), aside.decode())

    async def start(self, *argv: object) -> asyncio.subprocess.Process:
        """Give a command and do not wait."""
        told = {
            "HOME": str(self.home),
            "SATUPETA_INGEST": self.ingest,
            "SATUPETA_KEY_FILE": str(self.home / "kunci"),
            "SATUPETA_PATIENCE": str(self.patience),
            **({"SATUPETA_GATEWAY": self.gateway} if self.gateway else {}),
            **self.environ,
        }
        without = {name: value for name, value in os.environ.items() if not name.startswith(("SATUPETA_", "XDG_"))}
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "services.desk",
            *(str(word) for word in argv),
            env={**without, **told},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
