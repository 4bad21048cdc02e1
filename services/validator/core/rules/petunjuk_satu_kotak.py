"""C.Hasil: when one misread digit would explain every broken sum, its box is named; nothing is ever corrected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from contracts.events import CHasilV1
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule

_LARGEST: Final = 999
_BOXES: Final = 3
_ROWS: Final = ("pemilih_dpt", "pengguna_dpt", "pengguna_dptb", "pengguna_dpk", "pengguna_total")
_LISTS: Final = ("pengguna_dpt", "pengguna_dptb", "pengguna_dpk")

_Identity = tuple[str, tuple[str, ...]]
"""A box and those that it is the sum of, by their JSON Pointers."""

_PRINTED: Final[tuple[_Identity, ...]] = (
    *((f"/{row}_j", (f"/{row}_l", f"/{row}_p")) for row in _ROWS),
    *((f"/pengguna_total_{column}", tuple(f"/{row}_{column}" for row in _LISTS)) for column in "lpj"),
    ("/suara_total", ("/suara_sah", "/suara_tidak_sah")),
    ("/suara_total", ("/pengguna_total_j",)),
    ("/ss_digunakan", ("/suara_total",)),
    ("/ss_diterima", ("/ss_digunakan", "/ss_rusak", "/ss_sisa")),
)


@rule(
    CHasilV1,
    code="RES-HINT-ONE-CELL",
    basis=Basis.LOGIC,
    source="Salah baca satu angka (DOMAIN.md 2.2)",
    judul="Petunjuk: satu angka menjelaskan semua selisih",
    title="Hint: one digit explains every difference",
    pesan="Bila {where} dibaca {expected}, bukan {seen}, semua jumlah cocok. Periksa foto; angka tidak diubah sistem.",
    message="If {where} reads {expected} instead of {seen}, every sum is right. Look at the photograph: nothing is "
    "changed.",
    only_after=(
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
        "RES-USED-SUM",
    ),
)
def one_digit_explains_it(hasil: CHasilV1, _: Case) -> Breaches:
    """Name the only box of which one other digit repairs all identities that can be asked.

    A change of a box moves every identity it stands in, so it must stand in exactly those that are broken, and be
    wrong by the same figure in each.
    """
    boxes, identities = _boxes(hasil), [*_PRINTED, *_of_the_votes(hasil)]
    moved: dict[str, set[int]] = {}
    """By box: what would have to be added to it, once for each identity that it stands in."""
    broken: dict[str, int] = {}
    """By box: how many of these identities are broken."""
    broken_in_all = 0
    for total, parts in identities:
        if any(boxes.get(box) is None for box in (total, *parts)):
            continue
        missing = (boxes[total] or 0) - sum(boxes[part] or 0 for part in parts)
        broken_in_all += missing != 0
        for box, by in ((total, -missing), *((part, missing) for part in parts)):
            moved.setdefault(box, set()).add(by)
            broken[box] = broken.get(box, 0) + (missing != 0)
    found = [
        (box, seen, seen + by)
        for box, (by, *others) in moved.items()
        if not others and by != 0 and broken[box] == broken_in_all
        for seen in (boxes[box] or 0,)
        if _differ_in_one_digit(seen, seen + by)
    ]
    if len(found) != 1:
        return FINE
    [(box, seen, suggested)] = found
    return (Breach(box, str(seen), str(suggested), box.removeprefix("/").replace("/", " ")),)


def _differ_in_one_digit(seen: int, other: int) -> bool:
    """Return whether two figures differ in one of the three boxes of the form."""
    if not (0 <= seen <= _LARGEST and 0 <= other <= _LARGEST):
        return False
    return sum(one != two for one, two in zip(f"{seen:0{_BOXES}}", f"{other:0{_BOXES}}", strict=True)) == 1


def _boxes(hasil: CHasilV1) -> dict[str, int | None]:
    boxes: dict[str, int | None] = {
        f"/{name}": figure for name, figure in vars(hasil).items() if isinstance(figure, int)
    }
    for calon, figure in (hasil.perolehan_suara or {}).items():
        boxes[f"/perolehan_suara/{calon}"] = figure
    for partai, rows in (hasil.perolehan_partai or {}).items():
        boxes[f"/perolehan_partai/{partai}/jumlah"] = rows.jumlah
        boxes[f"/perolehan_partai/{partai}/suara_partai"] = rows.suara_partai
        for calon, figure in rows.suara_calon.items():
            boxes[f"/perolehan_partai/{partai}/suara_calon/{calon}"] = figure
    return boxes


def _of_the_votes(hasil: CHasilV1) -> Iterator[_Identity]:
    """Yield the identities of block IV, which depend on who stands on the ballot."""
    if hasil.perolehan_partai is None:
        if hasil.perolehan_suara is not None:
            yield "/suara_sah", tuple(f"/perolehan_suara/{calon}" for calon in hasil.perolehan_suara)
        return
    yield "/suara_sah", tuple(f"/perolehan_partai/{partai}/jumlah" for partai in hasil.perolehan_partai)
    for partai, rows in hasil.perolehan_partai.items():
        of_calon = (f"/perolehan_partai/{partai}/suara_calon/{calon}" for calon in rows.suara_calon)
        yield f"/perolehan_partai/{partai}/jumlah", (f"/perolehan_partai/{partai}/suara_partai", *of_calon)
