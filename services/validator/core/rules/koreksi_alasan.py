"""C.Hasil: a repeated poll or a recount says why it replaces the first result."""

from __future__ import annotations

from contracts.events import CHasilV1
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    CHasilV1,
    code="KOR-REASON",
    basis=Basis.LAW,
    source="UU 7/2017 Ps 372 sampai 375 (DOMAIN.md 2.4, S30)",
    judul="PSU dan hitung ulang beralasan",
    title="A repeated poll or a recount says why",
    pesan="Jenis kejadian {seen} tanpa koreksi; isi {expected}.",
    message="The kind is {seen} without koreksi; state {expected}.",
)
def kind_has_a_reason(hasil: CHasilV1, _: Case) -> Breaches:
    """Ask that what is no regular result carries koreksi: reason, document and officer."""
    if hasil.jenis_kejadian == "reguler" or hasil.koreksi is not None:
        return FINE
    return (Breach("/koreksi", hasil.jenis_kejadian, "alasan, dokumen dan jabatan"),)
