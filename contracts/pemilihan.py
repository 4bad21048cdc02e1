"""Elections: each pemilihan and each kontes held in it is a row of a table, not code.

A *pemilihan* is one polling day (Pilkada 2024); a *kontes* is one ballot paper counted on it
(``pkwkp-2024``, the governor). TPS numbers belong to a pemilihan: the same number names another
place in the next one (DOMAIN.md 3.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from contracts.identifiers import Tingkat


@dataclass(frozen=True, slots=True)
class Pemilihan:
    """One polling day with the limits that hold on it."""

    kode: str
    nama: str
    hari: date
    dpt_per_tps_max: int
    """Voters per TPS that the regulation plans for; exceeding it is a warning (VTR-TPS-CAP)."""
    cadangan: Fraction
    """Reserve ballots as a share of the DPT, rounded up per TPS (RES-SS-RESERVE)."""


@dataclass(frozen=True, slots=True)
class JenisKontes:
    """What kind of office or body a ballot paper fills."""

    kode: str
    nama: str
    wilayah_calon: Tingkat | None
    """Level whose code carries the list of candidates; ``None``: one list for the whole nation."""
    berpartai: bool = False
    """Votes are cast for parties and their candidates, so the form has a block per party."""
    dapil: bool = False
    """The list of candidates belongs to a daerah pemilihan below that level."""


@dataclass(frozen=True, slots=True)
class Kontes:
    """One ballot paper of one pemilihan."""

    kode: str
    jenis: JenisKontes
    pemilihan: Pemilihan

    def wilayah_calon(self, kode_wilayah: str) -> str:
        """Return the code under which the candidates for ``kode_wilayah`` are registered.

        ``"00"`` stands for the whole nation.
        """
        level = self.jenis.wilayah_calon
        return "00" if level is None else kode_wilayah[: level.value]


_PEMILU_2024: Final = Pemilihan(
    kode="pemilu-2024",
    nama="Pemilu 2024",
    hari=date(2024, 2, 14),
    dpt_per_tps_max=300,
    cadangan=Fraction(2, 100),
)
_PILKADA_2024: Final = Pemilihan(
    kode="pilkada-2024",
    nama="Pilkada Serentak 2024",
    hari=date(2024, 11, 27),
    dpt_per_tps_max=600,
    # Two and a half percent is not confirmed by an article (DOMAIN.md 8): the rule using it informs only.
    cadangan=Fraction(25, 1000),
)

PEMILIHAN: Final = {row.kode: row for row in (_PEMILU_2024, _PILKADA_2024)}

JENIS_KONTES: Final = {
    row.kode: row
    for row in (
        JenisKontes("ppwp", "Presiden dan Wakil Presiden", None),
        JenisKontes("pdpr", "DPR", Tingkat.PROVINSI, berpartai=True, dapil=True),
        JenisKontes("pdpd", "DPD", Tingkat.PROVINSI),
        JenisKontes("pdprdp", "DPRD Provinsi", Tingkat.PROVINSI, berpartai=True, dapil=True),
        JenisKontes("pdprdk", "DPRD Kabupaten/Kota", Tingkat.KABUPATEN, berpartai=True, dapil=True),
        JenisKontes("pkwkp", "Gubernur dan Wakil Gubernur", Tingkat.PROVINSI),
        JenisKontes("pkwkk", "Bupati/Wali Kota dan Wakil", Tingkat.KABUPATEN),
    )
}

_HELD: Final = {
    _PEMILU_2024.kode: ("ppwp", "pdpr", "pdpd", "pdprdp", "pdprdk"),
    _PILKADA_2024.kode: ("pkwkp", "pkwkk"),
}

KONTES: Final = {
    kode: Kontes(kode, JENIS_KONTES[jenis], PEMILIHAN[pemilihan])
    for pemilihan, kinds in _HELD.items()
    for jenis in kinds
    for kode in (f"{jenis}-{PEMILIHAN[pemilihan].hari.year}",)
}
