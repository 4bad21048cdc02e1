"""What goes wrong on a form on its way into the system, and what the rules make of it (DOMAIN.md 2.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from deploy.demo.chance import between
from deploy.demo.forms import Form
from deploy.demo.plan import Fate

# How one digit is read for another: 3 for 8 and 2 for 7 are the commonest (DOMAIN.md S33).
_READ_AS: Final = {"0": 6, "1": 7, "2": 7, "3": 8, "4": 9, "5": 6, "6": 8, "7": 1, "8": 3, "9": 4}
_BOX: Final = 1_000
"""One more than the three boxes of a figure hold."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing that can be wrong with a form."""

    name: str
    per_10_000: int
    """Of all first forms."""
    fate: Fate
    befall: Callable[[Form, bytes], None]
    """Makes the form wrong in this way, for 16 bytes of chance."""
    corrected_percent: int
    """How many of these are put right before the evening ends."""


def misread(figure: int, byte: int) -> int:
    """Return another figure of as many digits: one digit of it is read wrong, mostly one of the last two."""
    text = str(figure)
    place = len(text) - 1 - byte % min(len(text), 2)
    return int(f"{text[:place]}{_READ_AS[text[place]]}{text[place + 1 :]}")


def _misread_votes(form: Form, chance: bytes) -> None:
    votes = form["perolehan_suara"]
    calon = list(votes)[chance[0] % len(votes)]
    votes[calon] = misread(votes[calon], chance[1])


def _misread_box(name: str) -> Callable[[Form, bytes], None]:
    def befall(form: Form, chance: bytes) -> None:
        form[name] = misread(form[name], chance[1])

    return befall


def _lose_box(name: str) -> Callable[[Form, bytes], None]:
    def befall(form: Form, _: bytes) -> None:
        form[name] = None

    return befall


def _lose_block(*names: str) -> Callable[[Form, bytes], None]:
    def befall(form: Form, _: bytes) -> None:
        form.update(dict.fromkeys(names))

    return befall


def _overflow(form: Form, _: bytes) -> None:
    """One digit too many, as in the 1,132 women of a real TPS."""
    form["pemilih_dpt_p"] += _BOX


def _more_users_than_votes(form: Form, chance: bytes) -> None:
    more = between(chance[0], 1, 9)
    for name in ("pengguna_dpt_l", "pengguna_dpt_j", "pengguna_total_l", "pengguna_total_j"):
        form[name] += more


def _more_users_than_voters(form: Form, chance: bytes) -> None:
    form["pemilih_dpt_p"] = max(0, form["pengguna_dpt_p"] - between(chance[0], 1, 5))
    form["pemilih_dpt_l"] = min(form["pemilih_dpt_l"], form["pengguna_dpt_l"])
    form["pemilih_dpt_j"] = form["pemilih_dpt_l"] + form["pemilih_dpt_p"]


def _more_disabled_than_users(form: Form, chance: bytes) -> None:
    form["disabilitas_l"] = form["pengguna_total_l"] + between(chance[0], 1, 5)
    form["disabilitas_j"] = form["disabilitas_l"] + form["disabilitas_p"]


def _list_too_long(form: Form, chance: bytes) -> None:
    more = 601 + between(chance[0], 0, 90) - form["pemilih_dpt_j"]
    form["pemilih_dpt_l"] += more
    form["pemilih_dpt_j"] += more


_ADMINISTRASI: Final = (
    *(f"pemilih_dpt_{column}" for column in "lpj"),
    *(f"pengguna_{row}_{column}" for row in ("dpt", "dptb", "dpk", "total") for column in "lpj"),
    "suara_sah",
    "suara_tidak_sah",
    "suara_total",
)
"""Blocks I and V, which Sirekap reads and withdraws together, apart from the votes (DOMAIN.md 3.1)."""

_H, _A = Fate.HELD, Fate.ACCEPTED
DEFECTS: Final = {
    defect.name: defect
    for defect in (
        # Vote arithmetic: held until corrected. 4.7 % and 1.7 % of forms broke these sums in DKI, some of them both.
        Defect("suara-salah-baca", 360, _H, _misread_votes, 80),
        Defect("sah-salah-baca", 110, _H, _misread_box("suara_sah"), 80),
        Defect("tidak-sah-salah-baca", 40, _H, _misread_box("suara_tidak_sah"), 80),
        Defect("total-salah-baca", 20, _H, _misread_box("suara_total"), 80),
        Defect("sah-tidak-terbaca", 30, _H, _lose_box("suara_sah"), 90),
        Defect("melebihi-kotak", 3, _H, _overflow, 80),
        # Administrative arithmetic: counts, and somebody is told.
        Defect("pengguna-bukan-suara", 640, _A, _more_users_than_votes, 20),
        Defect("dpt-salah-baca", 200, _A, _misread_box("pemilih_dpt_j"), 20),
        Defect("pengguna-dpt-salah-baca", 120, _A, _misread_box("pengguna_dpt_j"), 20),
        Defect("pengguna-total-salah-baca", 120, _A, _misread_box("pengguna_total_j"), 20),
        Defect("pengguna-melebihi-dpt", 100, _A, _more_users_than_voters, 20),
        Defect("sisa-salah-baca", 40, _A, _misread_box("ss_sisa"), 20),
        Defect("digunakan-salah-baca", 30, _A, _misread_box("ss_digunakan"), 20),
        Defect("disabilitas-melebihi", 10, _A, _more_disabled_than_users, 20),
        Defect("dpt-melebihi-batas", 30, _A, _list_too_long, 0),
        # A block that is null as a whole was not read, and nothing is said: in DKI most forms had votes only.
        Defect("administrasi-kosong", 40, _A, _lose_block(*_ADMINISTRASI), 50),
        Defect("suara-kosong", 15, _A, _lose_block("perolehan_suara"), 50),
        Defect("disabilitas-kosong", 60, _A, _lose_block("disabilitas_l", "disabilitas_p", "disabilitas_j"), 20),
        Defect("surat-suara-kosong", 60, _A, _lose_block("ss_diterima", "ss_digunakan", "ss_rusak", "ss_sisa"), 20),
    )
}
