"""Reference data as rules look things up in it: sets and dictionaries, made once at start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from contracts.pemilihan import Kontes, Pemilihan
from contracts.reference.calon import DaftarCalon
from contracts.reference.kode_set import kode_set
from contracts.reference.wilayah import DaftarWilayah


@dataclass(frozen=True, slots=True)
class Reference:
    """What is known before any office has said anything."""

    wilayah: frozenset[str]
    """Every code of the province, from the provinsi down to its desa."""
    provinsi: frozenset[str]
    """Two-digit codes of all Indonesia: where a NIK may begin."""
    calon: dict[tuple[str, str], frozenset[str]]
    """Ids on the ballot by kontes and the code that carries the list."""
    pemilihan: Pemilihan
    """The election whose polling day decides who is old enough."""
    kode_tms: frozenset[str]
    """Codes of the reasons why somebody does not qualify, as valid on that day …"""
    kode_disabilitas: frozenset[str]
    """… and of the kinds of disability."""

    def options(self, kontes: Kontes, kode_wilayah: str) -> frozenset[str] | None:
        """Return the ids on the ballot of ``kontes`` in a wilayah; ``None`` when no list is registered."""
        return self.calon.get((kontes.kode, kontes.wilayah_calon(kode_wilayah)))


def reference_of(
    wilayah: DaftarWilayah, provinsi: tuple[str, ...], calon: DaftarCalon, pemilihan: Pemilihan
) -> Reference:
    """Return the reference data of one province for one election."""
    return Reference(
        wilayah=frozenset(wilayah.by_kode),
        provinsi=frozenset(provinsi),
        calon={key: frozenset(option.id for option in options) for key, options in calon.by_list.items()},
        pemilihan=pemilihan,
        kode_tms=_codes("tms", pemilihan.hari),
        kode_disabilitas=_codes("disabilitas", pemilihan.hari),
    )


def _codes(nama: str, on: date) -> frozenset[str]:
    edition = kode_set(nama, on)
    return frozenset() if edition is None else frozenset(edition.arti)
