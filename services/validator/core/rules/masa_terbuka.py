"""Voters, results and recapitulations: the change was recorded while a tahap was open for its office."""

from __future__ import annotations

from datetime import datetime

from contracts.envelope import ClosedModel
from contracts.events import CHasilV1, DHasilV1, PemilihV1, RekapPdpbV1
from services.validator.core.case import Case
from services.validator.core.register import OpenTahap
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    PemilihV1,
    CHasilV1,
    DHasilV1,
    RekapPdpbV1,
    code="VTR-PERIOD-OPEN",
    basis=Basis.SOURCE,
    source="Jadwal tahapan (DOMAIN.md 1.5 dan 7)",
    judul="Data dicatat selama tahapnya terbuka",
    title="The change was recorded while its period was open",
    pesan="Dicatat {seen}, tahap {where} terbuka {expected}: ditahan sebagai terlambat.",
    message="Recorded {seen}, the period {where} was open {expected}: held as late.",
)
def recorded_while_open(_: ClosedModel, case: Case) -> Breaches:
    """Ask of the calendars of the office and lane, if there are any, whether one was open at that moment."""
    calendars = case.register.calendars
    if not calendars:  # every voter of the province passes here
        return FINE
    place = case.place
    tahapan = calendars.get((place.office, place.lane))
    if tahapan is None:
        return FINE
    moment = case.change.recordedtime
    if is_open(tahapan, moment):
        return FINE
    names = ", ".join(tahap.tahap for tahap in tahapan)
    return (Breach("", moment.isoformat(), _newest(tahapan), names),)


def is_open(tahapan: tuple[OpenTahap, ...], moment: datetime) -> bool:
    """Return whether one of the calendars has a stretch that holds ``moment``."""
    return any(
        masa.mulai <= moment and (masa.sampai is None or moment < masa.sampai)
        for tahap in tahapan
        for masa in tahap.masa
    )


def _newest(tahapan: tuple[OpenTahap, ...]) -> str:
    """Return the stretch that begins last, as ISO 8601 writes it: one that was opened again is the one to ask about."""
    stretches = [masa for tahap in tahapan for masa in tahap.masa]
    if not stretches:
        return "tidak pernah"
    last = max(stretches, key=lambda masa: masa.mulai)
    return f"{last.mulai.isoformat()}/{'..' if last.sampai is None else last.sampai.isoformat()}"
