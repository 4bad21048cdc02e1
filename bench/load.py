"""Pushes prepared bodies as the offices would: each office one body at a time, all offices at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

import httpx

from deploy.demo.voters import Body
from deploy.desk import Desk

_TIMEOUT_SECONDS: Final = 60.0
NDJSON: Final = "application/x-ndjson"


class Office:
    """One office with its connection."""

    def __init__(self, desk: Desk) -> None:
        """Push to ``desk``."""
        self._client = httpx.AsyncClient(
            base_url=desk.url,
            headers={"Authorization": f"Bearer {desk.key}", "Content-Type": NDJSON, "Prefer": "return=minimal"},
            timeout=_TIMEOUT_SECONDS,
        )

    async def push(self, ndjson: bytes) -> None:
        """Push a body of which everything must be taken."""
        answer = await self._client.post("/v1/changes", content=ndjson)
        answer.raise_for_status()
        errors = answer.json()["errors"]
        assert not errors, f"a valid change was refused: {errors[0]}"

    async def close(self) -> None:
        """Close the connection."""
        await self._client.aclose()


class Offices:
    """Every office."""

    def __init__(self, desks: Mapping[str, Desk]) -> None:
        """Push to ``desks``."""
        self._offices = {office: Office(desk) for office, desk in desks.items()}

    async def push(self, office: str, ndjson: bytes) -> None:
        """Push one body."""
        await self._offices[office].push(ndjson)

    async def push_all(self, bodies: Sequence[Body]) -> None:
        """Push ``bodies``, each office's in their order."""
        of_office: dict[str, list[Body]] = {}
        for body in bodies:
            of_office.setdefault(body.office, []).append(body)

        async def push_in_order(office: str) -> None:
            for body in of_office[office]:
                await self.push(office, body.ndjson)

        await asyncio.gather(*(push_in_order(office) for office in of_office))

    async def close(self) -> None:
        """Close every connection."""
        await asyncio.gather(*(office.close() for office in self._offices.values()))
