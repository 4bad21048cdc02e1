"""Names of offices, wilayah, TPS and subjects: their spelling, and who owns what they name.

Codes are Kemendagri codes without dots, as KPU writes them: provinsi 2 digits, kabupaten 4,
kecamatan 6, desa 10, TPS 13 (DOMAIN.md 3.3). Patterns say ``[0-9]`` because the shorthand for a
digit admits those of every script, and one TPS would have many names. An office is named by the
code of its wilayah: ``3279`` is KPU Kota Banjar, ``32`` is KPU Provinsi Jawa Barat.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import StringConstraints

KodeKantor = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}([0-9]{2})?$")]
KodeWilayah = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}([0-9]{2}([0-9]{2}([0-9]{4})?)?)?$")]
KodeDesa = Annotated[str, StringConstraints(pattern=r"^[0-9]{10}$")]
KodeTps = Annotated[str, StringConstraints(pattern=r"^[0-9]{13}$")]
NomorTps = Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]
NikToken = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Lane = Literal["hasil", "pemilih"]

LANES: Final[tuple[Lane, ...]] = ("hasil", "pemilih")
TPS_LOKASI_KHUSUS_MIN: Final = 901
"""TPS numbers from here on are lokasi khusus: prisons, hospitals, plantations (DOMAIN.md 1.5)."""


class Tingkat(IntEnum):
    """Level of a wilayah, by the number of digits of its code."""

    PROVINSI = 2
    KABUPATEN = 4
    KECAMATAN = 6
    DESA = 10
    TPS = 13


# Looked up as plain numbers: every form asks for all that is around it, and an enum is slow to go through.
_DIGITS_ABOVE: Final = {
    below.value: above for below, above in zip(Tingkat, (0, *(level.value for level in Tingkat)), strict=False)
}


def tingkat(kode: str) -> Tingkat:
    """Return the level of ``kode``.

    Raises:
        ValueError: the code has a length that no level has.
    """
    return Tingkat(len(kode))


def induk(kode: str) -> str:
    """Return the code of the wilayah that directly contains ``kode``; ``""`` above a provinsi."""
    return kode[: _DIGITS_ABOVE[len(kode)]]


class Subject(NamedTuple):
    """The record that a change is about.

    Seven spellings, and no others::

        pemilih/<kabupaten>/<nik_token>
        tps/<pemilihan>/<tps>
        c_hasil/<kontes>/<tps>
        d_hasil/<kontes>/<jalur>/<wilayah>
        rekap_pdpb/<periode>/<wilayah>
        jadwal/<tahap>/<kantor>                 kept by the province of that office
        keputusan/<kantor>/<sasaran>            by the office that decided
    """

    noun: str
    scope: str
    """Pemilihan, kontes, kontes with jalur (``pkwkp-2024/hitung``), periode or tahap; empty where there is none."""
    key: str
    """What distinguishes the record inside its scope: token, TPS, wilayah, office or what was decided about."""
    office: str
    """The only office that may change it."""


_SUBJECT = re.compile(
    r"(?:pemilih/(?P<kab>[0-9]{4})/(?P<token>[0-9a-f]{32})"
    r"|(?P<noun>tps|c_hasil)/(?P<scope>[a-z0-9-]{1,40})/(?P<tps>[0-9]{13})"
    r"|d_hasil/(?P<rekap>[a-z0-9-]{1,40}/(?:hitung|rekap))/(?P<wilayah>[0-9]{2}(?:[0-9]{2}(?:[0-9]{2}(?:[0-9]{4})?)?)?)"
    r"|rekap_pdpb/(?P<periode>[a-z0-9-]{1,40})/(?P<area>[0-9]{2}(?:[0-9]{2}(?:[0-9]{2}(?:[0-9]{4})?)?)?)"
    r"|jadwal/(?P<tahap>[a-z0-9-]{1,40})/(?P<kantor>[0-9]{2}(?:[0-9]{2})?)"
    r"|keputusan/(?P<pemutus>[0-9]{2}(?:[0-9]{2})?)/(?P<sasaran>[0-9a-f]{32}))"
)


def parse_subject(text: str) -> Subject | None:
    """Return what ``text`` names, or ``None`` when it is no subject. Never raises."""
    match = _SUBJECT.fullmatch(text)
    if match is None:
        return None
    kab, token, noun, scope, tps = match.group("kab", "token", "noun", "scope", "tps")
    if kab is not None:
        return Subject("pemilih", "", token, kab)
    if noun is not None:
        return Subject(noun, scope, tps, tps[:4])
    return _rarer(match)


def _rarer(match: re.Match[str]) -> Subject:
    named = match.groupdict()
    if named["rekap"] is not None:
        return Subject("d_hasil", named["rekap"], named["wilayah"], named["wilayah"][:4])
    if named["periode"] is not None:
        return Subject("rekap_pdpb", named["periode"], named["area"], named["area"][:4])
    if named["tahap"] is not None:
        return Subject("jadwal", named["tahap"], named["kantor"], named["kantor"][:2])
    return Subject("keputusan", "", named["sasaran"], named["pemutus"])


def pemilih_subject(office: str, token: str) -> str:
    """Return the subject of the pemilih with ``token`` in the list of ``office``."""
    return f"pemilih/{office}/{token}"


def tps_subject(pemilihan: str, tps: str) -> str:
    """Return the subject of one TPS in the register of a pemilihan."""
    return f"tps/{pemilihan}/{tps}"


def c_hasil_subject(kontes: str, tps: str) -> str:
    """Return the subject of the C.Hasil of one kontes at one TPS."""
    return f"c_hasil/{kontes}/{tps}"


def d_hasil_subject(kontes: str, jalur: str, wilayah: str) -> str:
    """Return the subject of the recapitulation of ``wilayah`` in one of the two series."""
    return f"d_hasil/{kontes}/{jalur}/{wilayah}"


def rekap_pdpb_subject(periode: str, wilayah: str) -> str:
    """Return the subject of the PDPB recapitulation of ``wilayah`` in one period."""
    return f"rekap_pdpb/{periode}/{wilayah}"


def jadwal_subject(tahap: str, kantor: str) -> str:
    """Return the subject of the calendar of one tahap for one office."""
    return f"jadwal/{tahap}/{kantor}"


def keputusan_subject(pemutus: str, sasaran: str) -> str:
    """Return the subject of what the office ``pemutus`` decided about one version or case."""
    return f"keputusan/{pemutus}/{sasaran}"


def source_of(office: str) -> str:
    """Return the CloudEvents source of an office, as in ``/kpu/3279``."""
    return f"/kpu/{office}"
