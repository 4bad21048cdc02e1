"""What the gateway of a province in containers says, as a reader outside sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from contracts.identifiers import LANES
from tests.containers.province import Province
from tests.eventually import eventually

_SETTLED_WITHIN_SECONDS = 90


@dataclass(frozen=True)
class Books:
    """The neraca of every office and lane at one moment."""

    by_office: Mapping[tuple[str, str], Mapping[str, Any]]

    def of(self, office: str, lane: str, *columns: str) -> tuple[int, ...]:
        """Return figures of one office and lane."""
        return tuple(self.by_office[office, lane][column] for column in columns)


def ask(province: Province, path: str) -> Any:
    """Return what the gateway answers."""
    answer = httpx.get(f"{province.gateway_url}{path}", timeout=30)
    assert answer.status_code == httpx.codes.OK, f"{path}: {answer.status_code} {answer.text[:500]}"
    return answer.json()


def books_of(province: Province) -> Books:
    """Return the books as they stand."""
    return Books(
        {
            (office["office"], lane["lane"]): lane["neraca"]
            for office in ask(province, "/v1/status")["offices"]
            for lane in office["lanes"]
        }
    )


async def settled(province: Province, offices: Mapping[str, tuple[int, int]]) -> Books:
    """Return the books once ``offices`` have these many changes of results and of voters in all, and none under way."""

    def balanced() -> Books:
        try:
            books = books_of(province)
        except httpx.TransportError as error:
            raise AssertionError(str(error)) from error
        for office, submitted in offices.items():
            for lane, count in zip(LANES, submitted, strict=True):
                assert books.of(office, lane, "submitted", "in_flight") == (count, 0), (office, lane, books.by_office)
        assert all(neraca["balanced"] for neraca in books.by_office.values()), books.by_office
        return books

    return await eventually(balanced, within_seconds=_SETTLED_WITHIN_SECONDS)
