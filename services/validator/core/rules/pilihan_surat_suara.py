"""C.Hasil and D.Hasil: votes stand under exactly the options of the ballot, KOLOM KOSONG included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from contracts.events import CHasilV1, DHasilV1
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    CHasilV1,
    DHasilV1,
    code="RES-OPTION-SET",
    basis=Basis.SOURCE,
    source="Daftar pasangan calon (contracts/reference/calon.csv)",
    judul="Pilihan sama dengan surat suara",
    title="The options are those of the ballot",
    pesan="Pilihan {seen} tidak sama dengan surat suara {where}: {expected}.",
    message="The options {seen} are not those of the ballot {where}: {expected}.",
)
def options_are_those_of_the_ballot(hasil: CHasilV1 | DHasilV1, case: Case) -> Breaches:
    """Compare the ids with those registered for kontes and wilayah; nothing is said where no list is registered.

    Lists of a daerah pemilihan (DPR, DPRD) and of the DPD are no reference data yet: their ids are taken as they
    are, and only the shape of the block is judged.
    """
    if case.kontes is None:
        return FINE
    if isinstance(hasil, CHasilV1):
        if case.kontes.jenis.berpartai:
            if hasil.perolehan_suara is None:
                return FINE
            return (Breach("/perolehan_suara", "suara tanpa partai", "perolehan_partai", hasil.kontes),)
        if hasil.perolehan_partai is not None:
            return (Breach("/perolehan_partai", "suara per partai", "perolehan_suara", hasil.kontes),)
        return _compared(case, hasil.perolehan_suara, hasil.tps, "/perolehan_suara")
    own = _compared(case, hasil.perolehan_suara, hasil.wilayah, "/perolehan_suara")
    return own + tuple(
        breach
        for kode, row in hasil.rincian.items()
        for breach in _compared(case, row.perolehan_suara, kode, f"/rincian/{kode}/perolehan_suara")
    )


def _compared(case: Case, votes: Mapping[str, int | None] | None, wilayah: str, pointer: str) -> Breaches:
    kontes = case.kontes
    options = None if kontes is None else case.reference.options(kontes, wilayah)
    if votes is None or options is None or votes.keys() == options:
        return FINE
    return (Breach(pointer, _listed(votes.keys()), _listed(options), wilayah),)


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(sorted(ids)) or "(tidak ada)"
