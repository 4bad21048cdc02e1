"""Reads where a row belongs: desa and TPS, from its columns or from the lines above the table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from contracts.identifiers import Tingkat
from services.ingest.core.files.cells import Cells

_WORDS: Final = re.compile(r"kode|wilayah|desa|kelurahan|kecamatan|kabupaten|kota", re.IGNORECASE)
_CODE: Final = re.compile(r"(?<![0-9.])([0-9]{2}\.?[0-9]{2}(?:\.?[0-9]{2}(?:\.?[0-9]{4})?)?)(?![0-9.]*[0-9])")
_TPS: Final = re.compile(r"\bTPS\b\D{0,8}([0-9]{1,3})\b", re.IGNORECASE)
_KONTES: Final = re.compile(r"\b([a-z]{2,10}-[0-9]{4})\b")
_TPS_DIGITS: Final = 3


class Title(NamedTuple):
    """What the lines above a table declare."""

    wilayah: str | None = None
    tps: str | None = None
    kontes: str | None = None


class Tempat(NamedTuple):
    """A desa with the number of a TPS in it."""

    desa: str | None
    tps: str | None


def read_title(lines: Iterable[list[str]], office: str) -> Title:
    """Return what title lines declare: the narrowest wilayah named by code, a TPS, a kontes.

    Four digits are a kabupaten only where they are this office: others are years.
    """
    wilayah: str | None = None
    tps: str | None = None
    kontes: str | None = None
    for cells in lines:
        text = " ".join(cell for cell in cells if cell)
        if _WORDS.search(text):
            codes = [match[1].replace(".", "") for match in _CODE.finditer(text)]
            usable = [code for code in codes if len(code) > Tingkat.KABUPATEN or code == office]
            wilayah = max([wilayah or "", *usable], key=len) or None
        if match := _TPS.search(text):
            tps = match[1].zfill(_TPS_DIGITS)
        if match := _KONTES.search(text):
            kontes = match[1]
    return Title(wilayah, tps, kontes)


def read_tempat(cells: Cells, title: Title, office: str) -> Tempat:
    """Return desa and TPS of a row, noting what is wrong with them."""
    declared = title.wilayah if title.wilayah is not None and len(title.wilayah) == Tingkat.DESA else None
    desa = cells.get("desa").replace(".", "") or declared
    tps = cells.get("tps") or title.tps
    if tps is not None and re.fullmatch("[0-9]{13}", tps):
        if desa is not None and not tps.startswith(desa):
            cells.wrong("tps", "FILE-CELL-INVALID", "TPS di desa baris ini / a TPS in the desa of this row")
        desa, tps = tps[: Tingkat.DESA], tps[Tingkat.DESA :]
    if desa is not None and re.fullmatch("[0-9]{13}", desa):
        desa, tps = desa[: Tingkat.DESA], desa[Tingkat.DESA :]
    if not desa:
        cells.wrong("desa", "FILE-CELL-EMPTY", "kode wilayah desa, 10 angka / the desa's code, 10 digits")
    elif not re.fullmatch("[0-9]{10}", desa):
        if not cells.is_odd("desa"):
            cells.wrong("desa", "FILE-CELL-INVALID", "kode wilayah desa, 10 angka / the desa's code, 10 digits")
    elif not desa.startswith(office):
        cells.wrong("desa" if cells.get("desa") else "tps", "FILE-OFFICE-FOREIGN", f"{office}…", seen=f"{desa[:4]}…")
    elif title.wilayah is not None and not desa.startswith(title.wilayah):
        expected = f"di {title.wilayah}, seperti judul berkas / in {title.wilayah}, as the title says"
        cells.wrong("desa", "FILE-CELL-INVALID", expected)
    return Tempat(desa or None, _tps(cells, tps))


def _tps(cells: Cells, tps: str | None) -> str | None:
    if tps is None:
        return None
    number = re.sub(r"^TPS\s*", "", tps, flags=re.IGNORECASE)
    if re.fullmatch("[0-9]{3}", number):
        return number
    expected = "nomor TPS, 3 angka / the number of a TPS, 3 digits"
    if re.fullmatch("[1-9][0-9]?", number):
        cells.wrong("tps", "FILE-ZERO-EATEN", expected, suggestion=number.zfill(_TPS_DIGITS), repair="tambah-nol")
    elif not cells.is_odd("tps"):
        cells.wrong("tps", "FILE-CELL-INVALID", expected)
    return None
