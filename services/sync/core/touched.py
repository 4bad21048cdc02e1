"""Which questions between records a change touches: from the subjects of what was merged to keys of cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from contracts.pemilihan import KONTES

_LEVELS: Final = (10, 6, 4, 2)
"""Digits of desa, kecamatan, kabupaten/kota and provinsi: the sums that a TPS is part of."""

JALUR: Final = ("hitung", "rekap")


@dataclass(slots=True)
class Touched:
    """What has to be looked at again; each set holds the parts of its keys."""

    forms: set[tuple[str, str]] = field(default_factory=set)
    """Kontes and TPS of C.Hasil."""
    stations: set[str] = field(default_factory=set)
    """TPS, thirteen digits, whose list or registration has changed."""
    sums: set[tuple[str, str]] = field(default_factory=set)
    """Kontes and wilayah whose recapitulations are compared with something that changed."""
    recaps: set[tuple[str, str]] = field(default_factory=set)
    """Periode and wilayah of PDPB recapitulations."""
    corrected: set[str] = field(default_factory=set)
    """Subjects that corrections may have replaced."""
    opened: set[str] = field(default_factory=set)
    """Offices for which the calendar of the voter list has changed."""


def touched_by(subjects: Iterable[str]) -> Touched:
    """Return what the records named by ``subjects`` have a part in."""
    touched = Touched()
    for subject in subjects:
        noun, *names = subject.split("/")
        match noun, names:
            case "c_hasil", [kontes, tps]:
                touched.forms.add((kontes, tps))
                touched.corrected.add(subject)
                touched.sums.update((kontes, tps[:digits]) for digits in _LEVELS)
            case "tps", [pemilihan, tps]:
                touched.stations.add(tps)
                touched.sums.update(
                    (kontes.kode, tps[:digits])
                    for kontes in KONTES.values()
                    if kontes.pemilihan.kode == pemilihan
                    for digits in _LEVELS
                )
            case "d_hasil", [kontes, _, wilayah]:
                touched.corrected.add(subject)
                touched.sums.update((kontes, kode) for kode in _with_ancestors(wilayah))
            case "rekap_pdpb", [periode, wilayah]:
                touched.corrected.add(subject)
                touched.recaps.update((periode, kode) for kode in _with_ancestors(wilayah))
                if following := after(periode):
                    touched.recaps.add((following, wilayah))
            case "jadwal", [tahap, office] if tahap.startswith("pdpb-"):
                touched.opened.add(office)
            case _:
                # Decisions contradict nothing: what they turn is examined under its own subject.
                pass
    return touched


def _with_ancestors(wilayah: str) -> list[str]:
    # Whatever a recapitulation has rows of: a held one may name others than those directly below it.
    return [wilayah[:digits] for digits in _LEVELS if digits <= len(wilayah)]


_LAST: Final = {"tw": 4, "s": 2}


def after(periode: str) -> str:
    """Return the PDPB period after ``periode``, or ``""`` where the name does not say which that is."""
    head, _, nth = periode.rpartition("-")
    kind, number = nth[:-1], nth[-1:]
    year = head.removeprefix("pdpb-")
    if kind not in _LAST or not number.isdigit() or not year.isdigit() or head == year:
        return ""
    if int(number) < _LAST[kind]:
        return f"{head}-{kind}{int(number) + 1}"
    return f"pdpb-{int(year) + 1}-{kind}1"
