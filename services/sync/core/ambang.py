"""Thresholds of the statistics: data, which a province may change (docs/statistics.md)."""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Final


@dataclass(frozen=True, slots=True)
class Ambang:
    """From where on something is worth a look; what each means and comes from stands in ``statistik.csv``."""

    tps_min: int
    penyebut_min: int
    skor_maks: float
    ekstrem_batas: float
    ekstrem_peluang_maks: float
    angka_suara_min: int
    angka_sebaran_min: float
    angka_sampel_min: int
    angka_q_maks: float

    @property
    def values(self) -> dict[str, int | float]:
        """All of them by name."""
        return asdict(self)

    @property
    def sidik(self) -> str:
        """A short name of exactly these values: what was computed with others is computed again."""
        return hashlib.sha256(repr(sorted(self.values.items())).encode()).hexdigest()[:16]


_WHOLE: Final = frozenset({"tps_min", "penyebut_min", "angka_suara_min", "angka_sampel_min"})
_SHARES: Final = frozenset({"ekstrem_batas", "ekstrem_peluang_maks", "angka_q_maks"})
_SHARE_MAX: Final = 0.5
"""Near to nothing and near to everything must not meet."""


def _read(text: str) -> Iterator[tuple[int, str, str]]:
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    for row in rows:
        yield rows.line_num, (row.get("nama") or "").strip(), (row.get("nilai") or "").strip()


def _standing() -> Mapping[str, str]:
    text = resources.files("services.sync").joinpath("statistik.csv").read_text("utf-8")
    return {name: value for _, name, value in _read(text)}


def ambang_from(text: str | None = None) -> Ambang:
    """Return the standing thresholds with the table ``text`` (``nama,nilai``) laid over them.

    Raises:
        ValueError: with every row that names no threshold or gives it a value that it cannot have.
    """
    wanted = dict(_standing())
    faults = []
    if text is not None and not text.lstrip("\ufeff").startswith("nama,nilai"):
        message = "line 1: expected the header nama,nilai"
        raise ValueError(message)
    for number, name, value in _read(text or ""):
        if fault := _fault(name, value):
            faults.append(f"line {number}: {fault}")
        wanted[name] = value
    if faults:
        raise ValueError("; ".join(faults))
    return Ambang(
        tps_min=int(wanted["tps_min"]),
        penyebut_min=int(wanted["penyebut_min"]),
        skor_maks=float(wanted["skor_maks"]),
        ekstrem_batas=float(wanted["ekstrem_batas"]),
        ekstrem_peluang_maks=float(wanted["ekstrem_peluang_maks"]),
        angka_suara_min=int(wanted["angka_suara_min"]),
        angka_sebaran_min=float(wanted["angka_sebaran_min"]),
        angka_sampel_min=int(wanted["angka_sampel_min"]),
        angka_q_maks=float(wanted["angka_q_maks"]),
    )


def _fault(name: str, value: str) -> str | None:
    if name not in _standing():
        return f"there is no threshold {name!r}, known are {', '.join(_standing())}"
    try:
        number = float(value)
    except ValueError:
        return f"{name} is {value!r}, expected a number"
    if not math.isfinite(number) or number <= 0:
        return f"{name} is {value}, expected more than nothing"
    if name in _WHOLE and not value.isdecimal():
        return f"{name} is {value}, expected a whole number"
    if name in _SHARES and number >= _SHARE_MAX:
        return f"{name} is {value}, expected less than {_SHARE_MAX}"
    return None
