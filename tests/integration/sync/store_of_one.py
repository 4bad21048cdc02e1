"""A store fed without Kafka: records are merged as the consumer would merge them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from contracts.batch import BatchHeader, LineFindings
from contracts.identifiers import Lane
from services.runtime import postgres
from services.sync.adapters.connection import PLANNER
from services.sync.adapters.store import Arrived, Held, Merged, Partition, Store, prepare
from services.sync.core.records import batch_of
from tests.builders import OFFICE, a_finding

PARTITIONS: Final = (("accepted-hasil", 0), ("accepted-pemilih", 0), ("rejected", 0), ("progress", 0))


def a_record_of(  # noqa: PLR0913  # a record has that many parts
    lines: Sequence[bytes],
    *,
    offset: int,
    first: int = 1,
    last: int | None = None,
    held: Sequence[int] = (),
    office: str = OFFICE,
    lane: Lane = "hasil",
    epoch: int = 1,
) -> Arrived:
    """Return one accepted record with ``lines``, of which the sequences in ``held`` are held."""
    header = BatchHeader(
        office=office,
        lane=lane,
        epoch=epoch,
        first=first,
        last=last if last is not None else first + len(lines) - 1,
        count=len(lines),
    )
    findings = [LineFindings(sequence=sequence, held=True, findings=[a_finding()]) for sequence in held]
    return Arrived(f"accepted-{lane}", 0, offset, batch_of(header, b"\n".join(lines), findings))


class FedStore:
    """One instance of sync at one partition of each lane."""

    def __init__(self, pool: postgres.Pool) -> None:
        """Merge over ``pool``."""
        self.pool = pool
        self.store = Store(pool)
        self.held: dict[Partition, Held] = {}

    async def take_over(self) -> None:
        self.held = await self.store.take_over(PARTITIONS)

    async def merge(self, *arrived: Arrived) -> Merged:
        merged = await self.store.merge(arrived, self.held)
        for partition, offset in merged.next_offsets.items():
            self.held[partition] = self.held[partition]._replace(next_offset=offset)
        return merged

    async def value(self, sql: str, *arguments: object) -> Any:
        return await self.pool.fetchval(sql, *arguments)

    async def rows(self, sql: str, *arguments: object) -> list[dict[str, Any]]:
        return [dict(row) for row in await self.pool.fetch(sql, *arguments)]


@asynccontextmanager
async def fed_store(dsn: str, **settings: str) -> AsyncIterator[FedStore]:
    """Open a store that has taken its partitions over."""
    pool = await postgres.connect(
        dsn, password=None, size_max=3, application="test", init=prepare, **PLANNER, **settings
    )
    try:
        fed = FedStore(pool)
        await fed.take_over()
        yield fed
    finally:
        await pool.close()
