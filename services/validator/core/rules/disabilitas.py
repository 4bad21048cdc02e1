"""C.Hasil III: not more voters with a disability came than voters."""

from __future__ import annotations

from contracts.events import CHasilV1
from services.validator.core.case import Case
from services.validator.core.figures import above
from services.validator.core.rule import Basis, Breaches, rule


@rule(
    CHasilV1,
    code="RES-DISAB-LE",
    basis=Basis.LOGIC,
    source="C.HASIL III dan I.B.4",
    judul="Pengguna disabilitas tidak melebihi pengguna hak pilih",
    title="Not more voters with a disability came than voters",
    pesan="Pemilih disabilitas ({where}) tertulis {seen}, pengguna hak pilih {expected}.",
    message="{seen} voters with a disability came ({where}), of {expected} in all.",
)
def disability_is_a_part(hasil: CHasilV1, _: Case) -> Breaches:
    """Disabilitas is at most pengguna hak pilih, for each column."""
    return (
        above("/disabilitas_l", hasil.disabilitas_l, hasil.pengguna_total_l, "laki-laki")
        + above("/disabilitas_p", hasil.disabilitas_p, hasil.pengguna_total_p, "perempuan")
        + above("/disabilitas_j", hasil.disabilitas_j, hasil.pengguna_total_j, "jumlah")
    )
