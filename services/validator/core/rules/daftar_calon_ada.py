"""C.Hasil and D.Hasil: the list of candidates that votes are compared with is registered."""

from __future__ import annotations

from contracts.events import CHasilV1, DHasilV1
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    CHasilV1,
    DHasilV1,
    code="REF-CALON-LIST",
    basis=Basis.SOURCE,
    source="Daftar pasangan calon (contracts/reference/calon.csv)",
    judul="Daftar calon wilayah ini terdaftar",
    title="The list of candidates of the area is registered",
    pesan="Daftar calon {where} untuk wilayah {seen} belum terdaftar; hasil ditahan sampai {expected}.",
    message="No list of candidates of {where} is registered for {seen}: the result waits for {expected}.",
)
def list_is_registered(hasil: CHasilV1 | DHasilV1, case: Case) -> Breaches:
    """Ask whether there is a list for every wilayah whose votes are stated.

    Not asked of DPR and DPRD: their lists belong to a daerah pemilihan, which no reference data name yet.
    """
    kontes = case.kontes
    if kontes is None or kontes.jenis.dapil:
        return FINE
    options = case.reference.options
    if isinstance(hasil, CHasilV1):
        if hasil.perolehan_suara is None or options(kontes, hasil.tps) is not None:
            return FINE
        return (Breach("/perolehan_suara", kontes.wilayah_calon(hasil.tps), "daftar calon", kontes.kode),)
    stated = {"": hasil.perolehan_suara} | {
        f"/rincian/{kode}": row.perolehan_suara for kode, row in hasil.rincian.items()
    }
    wilayah = {pointer: pointer.rpartition("/")[2] or hasil.wilayah for pointer, votes in stated.items() if votes}
    return tuple(
        Breach(f"{pointer}/perolehan_suara", kontes.wilayah_calon(kode), "daftar calon", kontes.kode)
        for pointer, kode in wilayah.items()
        if options(kontes, kode) is None
    )
