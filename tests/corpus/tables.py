"""Small synthetic tables as offices send them; nobody in them exists."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import xlsxwriter

OFFICE: Final = "3279"
DESA: Final = "3279011001"
HEADERS: Final = (
    "No. KK", "NIK", "Nama Lengkap", "Tempat Lahir", "Tanggal Lahir", "Status Perkawinan", "Jenis Kelamin",
    "Alamat Jalan/Dukuh", "RT", "RW", "Disabilitas", "Status KTP-el", "Keterangan", "Kode Wilayah", "TPS",
)  # fmt: skip
FORM_HEADERS: Final = (
    "Kode TPS", "Kontes", "DPT L", "DPT P", "DPT Jumlah", "Paslon 1", "Paslon 2", "Suara Sah", "Suara Tidak Sah",
    "Suara Total",
)  # fmt: skip

Cells = list[str]


def voter(nth: int, **cells: str) -> Cells:
    """Return the row of an invented man, born on a 27th; ``cells`` are written over."""
    month, year = nth % 12 + 1, 1960 + nth % 40
    row = {
        "nkk": f"327901010115{nth % 9999 + 1:04}",
        "nik": f"32790127{month:02}{year % 100:02}{nth % 9999 + 1:04}",
        "nama": f"WARGA {chr(65 + nth % 26)}",
        "tempat": "BANJAR",
        "lahir": f"27-{month:02}-{year}",
        "kawin": "S",
        "jk": "L",
        "alamat": "JL. UJI NO. 5",
        "rt": "001",
        "rw": "002",
        "difabel": "0",
        "ktp": "S",
        "ket": "",
        "desa": DESA,
        "tps": "001",
    }
    assert cells.keys() <= row.keys()
    return list((row | cells).values())


def form(nth: int, *figures: str) -> Cells:
    """Return the row of a form at the TPS with that number."""
    return [f"{DESA}{nth:03}", "pkwkp-2024", *(figures or ("100", "110", "210", "80", "70", "150", "5", "155"))]


def as_csv(rows: Sequence[Sequence[str]], *, delimiter: str = ";", encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    """Return a table as CSV."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> Path:
    """Write a workbook in which a text is a text and a number a number."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    sheet.write(number, column, value)
    return path
