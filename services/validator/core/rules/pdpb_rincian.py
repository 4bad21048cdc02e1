"""Rekap PDPB: each column of the form is the sum of its rows."""

from __future__ import annotations

from typing import Final

from contracts.events import RekapPdpbV1
from contracts.events.rekap_pdpb_v1 import BarisPdpbV1
from services.validator.core.case import Case
from services.validator.core.figures import sum_of, unequal
from services.validator.core.rule import FINE, Basis, Breaches, rule

_COLUMNS: Final = tuple(BarisPdpbV1.model_fields)


@rule(
    RekapPdpbV1,
    code="PDPB-ROLLUP",
    basis=Basis.FORM,
    source="Model A-Rekap-PDPB (DOMAIN.md 1.7)",
    judul="Setiap kolom rekap adalah jumlah barisnya",
    title="Each column of the recapitulation is the sum of its rows",
    pesan="Kolom {where} tertulis {seen}, jumlah barisnya {expected}.",
    message="Column {where} is {seen}, its rows add up to {expected}.",
)
def columns_are_the_sums_of_their_rows(rekap: RekapPdpbV1, _: Case) -> Breaches:
    """For every column, the form equals the sum of its rows; asked when all of them have been read."""
    if not rekap.rincian:
        return FINE
    rows = rekap.rincian.values()
    return tuple(
        breach
        for column in _COLUMNS
        for breach in unequal(
            f"/{column}", getattr(rekap, column), sum_of(getattr(row, column) for row in rows), column
        )
    )
