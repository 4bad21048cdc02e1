"""C.Hasil: the TPS stands in the register of the pemilihan."""

from __future__ import annotations

from contracts.events import CHasilV1
from contracts.identifiers import tps_subject
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    CHasilV1,
    code="RES-TPS-KNOWN",
    basis=Basis.SOURCE,
    source="Daftar TPS kantor (decision 0005)",
    judul="TPS terdaftar",
    title="The TPS is registered",
    pesan="TPS {seen} belum terdaftar untuk {where}; hasilnya ditahan sampai TPS itu didaftarkan.",
    message="TPS {seen} is not registered for {where}: the result waits until it is.",
)
def tps_is_registered(hasil: CHasilV1, case: Case) -> Breaches:
    """Ask whether the office has registered the TPS before it reports a result from it."""
    kontes = case.kontes
    if kontes is None:
        return FINE
    pemilihan = kontes.pemilihan.kode
    if case.register.knows(tps_subject(pemilihan, hasil.tps), case.place.epoch, case.place.sequence):
        return FINE
    return (Breach("/tps", hasil.tps, "a TPS that the office has registered", pemilihan),)
