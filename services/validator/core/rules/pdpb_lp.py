"""Rekap PDPB: men and women are all voters, and these are the voters at the end."""

from __future__ import annotations

from contracts.events import RekapPdpbV1
from services.validator.core.case import Case
from services.validator.core.figures import each_row, sum_of, unequal
from services.validator.core.rule import Basis, Breaches, rule


@rule(
    RekapPdpbV1,
    code="PDPB-LP",
    basis=Basis.FORM,
    source="Model A-Rekap-PDPB; rekap Jabar Sem I 2025 (DOMAIN.md 1.7, S27)",
    judul="Laki-laki dan perempuan adalah jumlah pemilih",
    title="Men and women are all voters",
    pesan="{where}: jumlah pemilih tertulis {seen}, seharusnya {expected}.",
    message="{where}: all voters are {seen}, expected are {expected}.",
)
def men_and_women_are_all(rekap: RekapPdpbV1, _: Case) -> Breaches:
    """L plus P equals J, and J equals akhir, for the form and for each of its rows."""
    return tuple(
        breach
        for pointer, kode, row in each_row(rekap)
        for breach in (
            *unequal(f"{pointer}/pemilih_j", row.pemilih_j, sum_of((row.pemilih_l, row.pemilih_p)), f"{kode} (L + P)"),
            *unequal(f"{pointer}/pemilih_j", row.pemilih_j, row.akhir, f"{kode} (akhir)"),
        )
    )
