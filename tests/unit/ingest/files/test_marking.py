"""The marked copy: what the office sent, with its bad cells coloured and explained, and nothing more."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Sequence
from pathlib import Path

from python_calamine import CalamineWorkbook

from services.ingest.adapters.files.marking import write_marked_copy
from services.ingest.adapters.files.opening import open_file
from tests.corpus.tables import HEADERS, OFFICE, as_csv, as_xlsx, voter


def parts_of(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_copy_of_a_workbook_has_its_sheets_its_cells_and_a_list_of_problems(tmp_path: Path) -> None:
    sent: dict[str, Sequence[Sequence[object]]] = {
        "Pemilih": [HEADERS, voter(1), voter(2, tps="2"), voter(3)],
        "Petunjuk": [["Isi semua kolom."]],
    }
    path = as_xlsx(tmp_path / "daftar.xlsx", sent)
    count = write_marked_copy(path, tmp_path / "ditandai.xlsx", office=OFFICE)
    book = CalamineWorkbook.from_path(tmp_path / "ditandai.xlsx")
    assert book.sheet_names == ["Masalah", "Pemilih", "Petunjuk"]
    for name, rows in sent.items():
        copied = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        assert copied == [list(row) for row in rows]
    listed = book.get_sheet_by_name("Masalah").to_python()
    assert len(listed) == count + 1
    assert ["Pemilih!O3", "FILE-ZERO-EATEN"] in [row[:2] for row in listed]
    parts = parts_of(tmp_path / "ditandai.xlsx")
    comments = "".join(text for name, text in parts.items() if "comments" in name)
    assert 'ref="O3"' in comments
    assert "FILE-ZERO-EATEN" in comments
    assert "Usul: 002" in comments
    assert stat.S_IMODE((tmp_path / "ditandai.xlsx").stat().st_mode) == 0o600


def test_a_copy_of_a_csv_runs_no_formula_and_its_comments_name_nobody(tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    table = [HEADERS, voter(1), voter(2, nama='=HYPERLINK("http://x")'), voter(3, nik="3.27E+15"), voter(4)]
    path.write_bytes(as_csv(table))
    write_marked_copy(path, tmp_path / "ditandai.xlsx", office=OFFICE)
    parts = parts_of(tmp_path / "ditandai.xlsx")
    assert not any("<f>" in text for name, text in parts.items() if name.startswith("xl/worksheets/sheet"))
    comments = "".join(text for name, text in parts.items() if "comments" in name)
    assert "FILE-TEXT-FORMULA" in comments
    assert "FILE-NIK-NUMBER" in comments
    assert "HYPERLINK" not in comments
    assert voter(2)[1] not in comments
    copied = CalamineWorkbook.from_path(tmp_path / "ditandai.xlsx").get_sheet_by_name("Data").to_python()
    assert copied == [list(row) for row in table]


def test_a_copy_is_read_like_what_was_sent(tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    path.write_bytes(as_csv([HEADERS, *(voter(nth, tps=f"{nth % 3:03}") for nth in range(1, 50)), ["", "JUMLAH"]]))
    write_marked_copy(path, tmp_path / "ditandai.xlsx", office=OFFICE)
    sent = [row.change for row in open_file(path, office=OFFICE)]
    assert [
        row.change for row in open_file(tmp_path / "ditandai.xlsx", office=OFFICE) if row.place.sheet == "Data"
    ] == sent


def test_a_copy_of_a_sheet_without_headers_still_has_all_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    rows = [[f"{nth}", "x"] for nth in range(100)]
    path.write_bytes(as_csv(rows))
    assert write_marked_copy(path, tmp_path / "ditandai.xlsx", office=OFFICE) == 1
    assert CalamineWorkbook.from_path(tmp_path / "ditandai.xlsx").get_sheet_by_name("Data").to_python() == rows
