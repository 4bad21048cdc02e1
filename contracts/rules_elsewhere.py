"""Rules that no single line can answer: what is asked between records and offices, and where.

The validator asks of one line with the reference data beside it. What needs a second record is asked where the
records meet. The table gives every such rule the same columns as a rule of the validator, so that the catalogue
(``contracts/rules.json``) is complete and a finding means the same wherever it was made (DOMAIN.md 1.5 to 2.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from contracts.verdict import Tier

Where = Literal["sync", "office"]
"""Between records in the store, or by the office itself."""


@dataclass(frozen=True, slots=True)
class ElsewhereRule:
    """One rule that is asked somewhere else than of a single line."""

    code: str
    tier: Tier
    where: Where
    asked_of: tuple[str, ...]
    """Event types that it compares."""
    basis: Literal["law", "form", "source", "logic"]
    source: str
    """Article, row of the form, document or decision."""
    judul: str
    """What it demands, in Bahasa Indonesia …"""
    title: str
    """… and in English."""
    pesan: str
    """Text of a finding, in Bahasa Indonesia, with ``{seen}``, ``{expected}`` and ``{where}`` …"""
    message: str
    """… and in English."""


_PEMILIH: Final = "pemilih.recorded.v1"
_C_HASIL: Final = "c_hasil.recorded.v1"
_D_HASIL: Final = "d_hasil.recorded.v1"
_REKAP_PDPB: Final = "rekap_pdpb.recorded.v1"


RULES_ELSEWHERE: Final[tuple[ElsewhereRule, ...]] = (
    # Voters
    ElsewhereRule(
        code="VTR-GANDA",
        tier=Tier.FLAG,
        where="sync",
        asked_of=(_PEMILIH,),
        basis="source",
        source="Kelas ganda K1 sampai K4 (DOMAIN.md 1.6, S20)",
        judul="Tidak ada dua entri aktif untuk satu orang",
        title="Nobody has two active entries",
        pesan="Pemilih ini juga tercatat di {seen} ({where}); kedua kantor perlu memeriksa: {expected}.",
        message="This voter also stands at {seen} ({where}); both offices have to look: {expected}.",
    ),
    ElsewhereRule(
        code="VTR-TPS-CAP",
        tier=Tier.WARN,
        where="sync",
        asked_of=(_PEMILIH,),
        basis="law",
        source="Batas pemilih per TPS (contracts/pemilihan.py; DOMAIN.md 1.5, S23)",
        judul="Pemilih satu TPS tidak melebihi batas",
        title="A TPS has not more voters than the limit",
        pesan="TPS {where} memuat {seen} pemilih aktif, batasnya {expected}.",
        message="TPS {where} has {seen} active voters, the limit is {expected}.",
    ),
    ElsewhereRule(
        code="VTR-MASS-TMS",
        tier=Tier.FLAG,
        where="sync",
        asked_of=(_PEMILIH,),
        basis="logic",
        source="Saringan tidak sekaligus: dalam sepuluh menit sepersepuluh kecamatan, paling sedikit seratus",
        judul="Pemilih tidak dinyatakan TMS secara massal",
        title="Voters are not declared TMS in masses",
        pesan="Di {where} dinyatakan {seen}, batas untuk diperiksa {expected}.",
        message="In {where} there are {seen}, the limit for a look is {expected}.",
    ),
    ElsewhereRule(
        code="VTR-DOMICILE",
        tier=Tier.WARN,
        where="office",
        asked_of=(_PEMILIH,),
        basis="law",
        source="Dasar domisili KTP-el, KK, biodata atau IKD (DOMAIN.md 1.5, S22)",
        judul="Domisili didasarkan pada dokumen kependudukan",
        title="The domicile is founded on a population document",
        pesan="Dasar domisili {seen}; seharusnya {expected}. Ditanyakan kantor saat pencocokan: isian ini tidak "
        "termasuk 13 elemen Model A, sehingga tidak pernah dikirim.",
        message="The domicile rests on {seen}, expected is {expected}. Asked by the office at its desk: none of the 13 "
        "elements of Model A holds it, so it is never sent.",
    ),
    # Results
    ElsewhereRule(
        code="RES-DPT-MATCH",
        tier=Tier.FLAG,
        where="sync",
        asked_of=(_C_HASIL, _PEMILIH),
        basis="source",
        source="Satu basis data terintegrasi (DOMAIN.md 2.2 dan 7, butir 9)",
        judul="DPT pada formulir sama dengan daftar pemilih TPS",
        title="The DPT on the form is that of the voter list",
        pesan="DPT pada formulir {seen}, daftar pemilih TPS {where} berisi {expected}.",
        message="The form has a DPT of {seen}, the list of TPS {where} has {expected}.",
    ),
    ElsewhereRule(
        code="RES-PHOTO-SHARED",
        tier=Tier.FLAG,
        where="sync",
        asked_of=(_C_HASIL,),
        basis="logic",
        source="C.HASIL satu TPS",
        judul="Foto formulir hanya milik satu TPS",
        title="A photograph shows the form of one TPS",
        pesan="Foto {where} dipakai untuk {seen}, seharusnya {expected}.",
        message="Photograph {where} stands for {seen}, expected is {expected}.",
    ),
    # Recapitulations
    ElsewhereRule(
        code="RUP-CHILD-SUM",
        tier=Tier.FLAG,
        where="sync",
        asked_of=(_D_HASIL, _C_HASIL),
        basis="law",
        source="PKPU 5/2024 Ps 5 dan 14 (DOMAIN.md 2.3, S34)",
        judul="Rekapitulasi sama dengan jumlah di bawahnya",
        title="A recapitulation is the sum of what lies below it",
        pesan="{where} tertulis {seen}, jumlah di bawahnya {expected}.",
        message="{where} is {seen}, what lies below adds up to {expected}.",
    ),
    ElsewhereRule(
        code="RUP-SNAPSHOT",
        tier=Tier.INFO,
        where="sync",
        asked_of=(_D_HASIL,),
        basis="source",
        source="Potret antartingkat (DOMAIN.md 2.3)",
        judul="Dua tingkat dibandingkan pada saat yang sama",
        title="Two levels are compared as of the same moment",
        pesan="{where} per {seen}, induknya per {expected}: belum dapat dibandingkan.",
        message="{where} is as of {seen}, its parent as of {expected}: not comparable yet.",
    ),
    ElsewhereRule(
        code="RUP-SIREKAP-VS-D",
        tier=Tier.INFO,
        where="sync",
        asked_of=(_D_HASIL,),
        basis="law",
        source="PKPU 5/2024 Ps 14: pleno berjenjang adalah hasil yang sah (DOMAIN.md 2.3)",
        judul="Selisih hitung dan rekap ditunjukkan",
        title="The difference between count and recapitulation is shown",
        pesan="Jalur hitung {where} {seen}, jalur rekap {expected}.",
        message="The count of {where} is {seen}, the recapitulation {expected}.",
    ),
    # Continuous update of voters
    ElsewhereRule(
        code="PDPB-CHAIN",
        tier=Tier.FLAG,
        where="sync",
        asked_of=(_REKAP_PDPB,),
        basis="law",
        source="PKPU 1/2025 (DOMAIN.md 1.7)",
        judul="Angka awal sesuai basis yang dinyatakan",
        title="The opening figure is that of the declared basis",
        pesan="Awal {where} tertulis {seen}, menurut basisnya {expected}.",
        message="The opening figure of {where} is {seen}, its basis says {expected}.",
    ),
    ElsewhereRule(
        code="PDPB-EVENTS",
        tier=Tier.FLAG,
        where="sync",
        asked_of=(_REKAP_PDPB, _PEMILIH),
        basis="logic",
        source="Satu basis data terintegrasi (DOMAIN.md 1.7)",
        judul="Rekap sama dengan perubahan yang diterima",
        title="The recapitulation is the count of accepted changes",
        pesan="{where} tertulis {seen}, perubahan yang diterima {expected}.",
        message="{where} is {seen}, the accepted changes are {expected}.",
    ),
    # Corrections
    ElsewhereRule(
        code="KOR-BASE-KNOWN",
        tier=Tier.FLAG,
        where="sync",
        asked_of=(_C_HASIL, _D_HASIL, _REKAP_PDPB),
        basis="source",
        source="DOMAIN.md 2.4",
        judul="Perbaikan menggantikan versi yang sedang berlaku",
        title="A correction replaces the version that stands",
        pesan="Perbaikan menggantikan {seen}, yang berlaku {expected}.",
        message="The correction replaces {seen}, the version that stands is {expected}.",
    ),
)
