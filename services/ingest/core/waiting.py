"""What a change that was held or rejected may be waiting for, and who is waiting when it comes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from contracts.identifiers import Subject, c_hasil_subject, parse_subject, tps_subject
from contracts.pemilihan import KONTES

TPS_UNKNOWN: Final = "RES-TPS-KNOWN"
"""Waits for the office's own registration of a TPS, which travels in the same lane."""


def forms_of(registrations: Iterable[str]) -> list[str]:
    """Return the subjects of every form that may wait for one of these TPS to be registered."""
    found: list[str] = []
    for subject in registrations:
        tps = parse_subject(subject)
        if tps is not None and tps.noun == "tps":
            found += [
                c_hasil_subject(kontes.kode, tps.key)
                for kontes in KONTES.values()
                if kontes.pemilihan.kode == tps.scope
            ]
    return found


def registration_of(form: str) -> str | None:
    """Return the subject of the TPS that ``form`` reports from; ``None`` when it is no form of a known kontes."""
    match parse_subject(form):
        case Subject("c_hasil", scope, key, _) if scope in KONTES:
            return tps_subject(KONTES[scope].pemilihan.kode, key)
        case _:
            return None
