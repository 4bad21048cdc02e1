"""Pemilih: a voter is 17 on polling day, or is or was married."""

from __future__ import annotations

from typing import Final

from contracts.personal import DataPribadi
from services.validator.core.case import Case
from services.validator.core.nik import birth_date
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule

_AGE_YEARS: Final = 17
_MARRIED: Final = frozenset("SP")
_CONDITION: Final = "17 tahun, atau sudah/pernah kawin"


@rule(
    DataPribadi,
    code="VTR-AGE",
    basis=Basis.LAW,
    source="UU 7/2017 Ps 1 angka 34; PKPU 7/2022 (DOMAIN.md 1.5, S8, S22)",
    judul="Pemilih berusia 17 tahun atau sudah kawin",
    title="A voter is 17 or married",
    pesan="Pada hari pemungutan suara {where} pemilih {seen}; syaratnya {expected}.",
    message="On polling day {where} the voter is {seen}; the condition is {expected}.",
)
def voter_is_of_age(pribadi: DataPribadi, case: Case) -> Breaches:
    """17 years old on polling day, or status kawin S or P; who is no active voter needs no age."""
    if pribadi.status_kawin in _MARRIED or case.change.data.status != "aktif":
        return FINE
    birth, poll = birth_date(pribadi.tanggal_lahir), case.reference.pemilihan.hari
    if birth is None:
        return (Breach("/pribadi", "bertanggal lahir tidak terbaca", _CONDITION, poll.isoformat()),)
    # Whoever is born on 29 February has a birthday on 1 March in other years: tuples compare without such a date.
    if (birth.year + _AGE_YEARS, birth.month, birth.day) <= (poll.year, poll.month, poll.day):
        return FINE
    return (Breach("/pribadi", "belum 17 tahun dan belum kawin", _CONDITION, poll.isoformat()),)
