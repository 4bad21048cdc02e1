"""Corrections: they say which version they replace."""

from __future__ import annotations

from contracts.events import CHasilV1, DHasilV1, RekapPdpbV1
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    CHasilV1,
    DHasilV1,
    RekapPdpbV1,
    code="KOR-BASE",
    basis=Basis.SOURCE,
    source="DOMAIN.md 2.4",
    judul="Perbaikan menyebut versi yang digantikan",
    title="A correction names the version it replaces",
    pesan="Perbaikan ini {seen}; seharusnya {expected}.",
    message="This correction has {seen}, expected is {expected}.",
)
def correction_replaces_a_version(data: CHasilV1 | DHasilV1 | RekapPdpbV1, case: Case) -> Breaches:
    """Ask that the envelope's base is the digest of what koreksi replaces."""
    if data.koreksi is None or case.change.base is not None:
        return FINE
    if isinstance(data, CHasilV1) and data.jenis_kejadian != "reguler":
        # It replaces the first result of the TPS, which may never have been sent.
        return FINE
    return (Breach("/koreksi", "versi pertama, tanpa base", "base: sidik versi yang digantikan"),)
