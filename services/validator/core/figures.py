"""Arithmetic over the boxes of a form: null is not zero, so it is asked only when every box has been read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from contracts.events import CHasilV1, RekapPdpbV1
from contracts.events.rekap_pdpb_v1 import BarisPdpbV1
from contracts.pemilihan import Kontes
from services.validator.core.rule import FINE, Breach, Breaches


def sum_of(figures: Iterable[int | None]) -> int | None:
    """Return the sum; ``None`` when one of the figures has not been read, or there is none."""
    total = None
    for figure in figures:
        if figure is None:
            return None
        total = figure if total is None else total + figure
    return total


def unequal(pointer: str, seen: int | None, expected: int | None, where: str = "") -> Breaches:
    """Return a breach when both sides have been read and differ."""
    if seen is None or expected is None or seen == expected:
        return FINE
    return (Breach(pointer, str(seen), str(expected), where),)


def above(pointer: str, seen: int | None, most: int | None, where: str = "") -> Breaches:
    """Return a breach when both sides have been read and the first is larger."""
    if seen is None or most is None or seen <= most:
        return FINE
    return (Breach(pointer, str(seen), str(most), where),)


def men_and_women(row: str, men: int | None, women: int | None, total: int | None) -> Breaches:
    """Return a breach when a row's men and women are not its total."""
    if men is None or women is None or total is None or men + women == total:
        return FINE
    return (Breach(f"/{row}_j", str(total), str(men + women), f"{men} + {women}"),)


def reserve(kontes: Kontes, dpt: int) -> int:
    """Return how many spare ballots a TPS with so many registered voters receives."""
    share = kontes.pemilihan.cadangan
    # Rounded up in whole numbers: arithmetic of fractions is ten times as slow.
    return -(-share.numerator * dpt // share.denominator)


def votes_of(hasil: CHasilV1) -> int | None:
    """Return the sum of all votes for candidates and parties, as far as every one of them has been read."""
    if hasil.perolehan_partai is not None:
        return sum_of(party.jumlah for party in hasil.perolehan_partai.values())
    return sum_of(hasil.perolehan_suara.values()) if hasil.perolehan_suara is not None else None


def each_row(rekap: RekapPdpbV1) -> Iterator[tuple[str, str, BarisPdpbV1]]:
    """Yield pointer, wilayah and columns of a recapitulation itself and of each of its rows."""
    yield "", rekap.wilayah, rekap
    for kode, row in (rekap.rincian or {}).items():
        yield f"/rincian/{kode}", kode, row
