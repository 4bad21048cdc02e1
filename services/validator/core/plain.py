"""The plain form: a C.Hasil on which everything adds up, as most do. Seen at a glance, it spares half of the rules.

Asking these rules one by one costs as much as reading the whole line, so one look settles them all. It may only ever be
too careful: where it says yes, no rule in :data:`SETTLED` finds anything (``tests/property/test_plain_laws.py``).
"""

from __future__ import annotations

from collections.abc import Collection
from operator import itemgetter
from typing import Any, Final

from contracts.events import CHasilV1

SETTLED: Final = frozenset(
    {
        "KOR-BASE",
        "KOR-DOCUMENT",
        "KOR-OFFICER",
        "KOR-REASON",
        "RES-BOX-WIDTH",
        "RES-COMPLETE",
        "RES-DISAB-LE",
        "RES-LP-DPT",
        "RES-LP-USED-DPK",
        "RES-LP-USED-DPT",
        "RES-LP-USED-DPTB",
        "RES-LP-USED-TOTAL",
        "RES-PARTY-SUM",
        "RES-SS-BALANCE",
        "RES-SS-USED",
        "RES-SUM-PASLON",
        "RES-SUM-VALID",
        "RES-USED-EQ-VOTES",
        "RES-USED-LE-DPT",
        "RES-USED-SUM",
    }
)
"""Codes of the rules that need not be asked of a plain form."""

_LARGEST: Final = 999
_FIGURES: Final = itemgetter(
    *(
        f"{row}_{column}"
        for row in ("pemilih_dpt", "pengguna_dpt", "pengguna_dptb", "pengguna_dpk")
        for column in "lpj"
    ),
    *(f"pengguna_total_{column}" for column in "lpj"),
    *(f"ss_{row}" for row in ("diterima", "digunakan", "rusak", "sisa")),
    *(f"disabilitas_{column}" for column in "lpj"),
    *(f"suara_{row}" for row in ("sah", "tidak_sah", "total")),
)


def is_plain(hasil: CHasilV1) -> bool:
    """Return whether every box is read and fits and every printed sum is right.

    A form with parties never is plain, nor is one that corrects or repeats another.
    """
    votes = hasil.perolehan_suara
    if votes is None or hasil.perolehan_partai is not None:
        return False
    if hasil.koreksi is not None or hasil.jenis_kejadian != "reguler":
        return False
    figures: tuple[Any, ...] = _FIGURES(vars(hasil))
    of_votes: Collection[Any] = votes.values()
    if None in figures or None in of_votes or max(figures) > _LARGEST or not votes:
        return False
    # fmt: off
    (dpt_l, dpt_p, dpt_j, of_dpt_l, of_dpt_p, of_dpt_j, dptb_l, dptb_p, dptb_j, dpk_l, dpk_p, dpk_j,
     used_l, used_p, used_j, received, used, spoilt, left, disabled_l, disabled_p, disabled_j,
     sah, invalid, total) = figures
    # fmt: on
    return bool(
        # No block is filled with zeros, and no vote is larger than all of them.
        0 < sah == sum(of_votes)
        and dpt_j > 0
        and sah + invalid == total == used_j == used
        and used + spoilt + left == received
        and dpt_l + dpt_p == dpt_j
        and of_dpt_l + of_dpt_p == of_dpt_j
        and dptb_l + dptb_p == dptb_j
        and dpk_l + dpk_p == dpk_j
        and used_l + used_p == used_j
        and of_dpt_l + dptb_l + dpk_l == used_l
        and of_dpt_p + dptb_p + dpk_p == used_p
        and of_dpt_l <= dpt_l
        and of_dpt_p <= dpt_p
        and disabled_l <= used_l
        and disabled_p <= used_p
        and disabled_j <= used_j
    )
