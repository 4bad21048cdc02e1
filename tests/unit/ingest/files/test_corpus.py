"""The kinds of bad input that come as files (FAULTS.md 2): code, group, suggestion, and neighbours that are taken."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from contracts.problems import CATALOGUE
from services.ingest.adapters.files.opening import FileReading, open_file
from services.ingest.core.files.row import FileRefusedError, ReadRow
from tests.corpus.tables import DESA, FORM_HEADERS, HEADERS, OFFICE, as_csv, as_xlsx, form, voter

BEFORE: Final = voter(1)
AFTER: Final = voter(2)
NIK: Final = voter(7)[1]


def read(path: Path, raw: bytes) -> tuple[FileReading, list[ReadRow]]:
    path.write_bytes(raw)
    reading = open_file(path, office=OFFICE)
    return reading, list(reading)


def swapped() -> list[str]:
    row = voter(7)
    return [row[1], row[0], *row[2:]]


def squeezed() -> list[str]:
    row = voter(7)
    return [*row[:3], *row[4:], ""]


# What stands in the row between two good ones, and what is said of it: code, group, suggestion.
VOTERS: Final = {
    "B06 month before day": (
        voter(7, lahir="08-27-1967"), "FILE-DATE-SWAPPED", "Tanggal Lahir|tukar-hari-bulan", "99-99-9999",
    ),
    "B06 Excel serial": (
        voter(7, lahir="24711"), "FILE-DATE-SERIAL", "Tanggal Lahir|tanggal-dari-bilangan", "99-99-9999",
    ),
    "B06 no date": (voter(7, lahir="31-02-1967"), "FILE-DATE-INVALID", "Tanggal Lahir|", None),
    "B07 float": (voter(7, nik="3.27901E+15"), "FILE-NIK-NUMBER", "NIK|", None),
    "B07 float with a comma": (voter(7, nik="3,2790127086E+15"), "FILE-NIK-NUMBER", "NIK|", None),
    "B08 fifteen": (voter(7, nik=NIK[:15]), "FILE-NIK-LENGTH", "NIK|", None),
    "B08 seventeen": (voter(7, nik=NIK + "0"), "FILE-NIK-LENGTH", "NIK|", None),
    "B08 zero": (voter(7, nik="0"), "FILE-NIK-LENGTH", "NIK|", None),
    "B08 all zero": (voter(7, nik="0" * 16), "FILE-NIK-LENGTH", "NIK|", None),
    "B08 serial zero": (voter(7, nik=NIK[:12] + "0000"), "FILE-NIK-LENGTH", "NIK|", None),
    "B08 with dots": (voter(7, nik=f"{NIK[:6]}.{NIK[6:]}"), "FILE-NIK-LENGTH", "NIK|hapus-pemisah", "9" * 16),
    "B10 swapped": (swapped(), "FILE-NIK-NKK-SWAPPED", "NIK|tukar-nik-nkk", "9" * 16),
    "B11 TPS": (voter(7, tps="1"), "FILE-ZERO-EATEN", "TPS|tambah-nol", "001"),
    "B12 shifted": (squeezed(), "FILE-CELLS-SHIFTED", "D|geser-kanan", "geser ke kanan / move right"),
    "B13 Cyrillic": (voter(7, nama="W\u0410RGA"), "FILE-TEXT-LOOKALIKE", "Nama Lengkap|huruf-latin", "AAAAA"),
    "B13 zero-width": (
        voter(7, nama="WAR\u200bGA"), "FILE-TEXT-INVISIBLE", "Nama Lengkap|hapus-tanda-tak-terlihat", "AAAAA",
    ),
    "B13 right to left": (
        voter(7, nama="\u202eAGRAW"), "FILE-TEXT-INVISIBLE", "Nama Lengkap|hapus-tanda-tak-terlihat", "AAAAA",
    ),
    "B13 fullwidth digits": (voter(7, nik="\uff13" + NIK[1:]), "FILE-TEXT-LOOKALIKE", "NIK|huruf-latin", "9" * 16),
    "B14 formula": (voter(7, nama='=HYPERLINK("x")'), "FILE-TEXT-FORMULA", "Nama Lengkap|", None),
    "B14 command": (voter(7, alamat="@SUM(1)"), "FILE-TEXT-FORMULA", "Alamat Jalan/Dukuh|", None),
    "B15 control": (voter(7, nama="WAR\x07GA"), "FILE-TEXT-INVISIBLE", "Nama Lengkap|", None),
    "B15 NUL": (voter(7, nama="WAR\x00GA"), "FILE-TEXT-INVISIBLE", "Nama Lengkap|", None),
    "B15 emoji": (voter(7, nama="WARGA \U0001f600"), "FILE-CELL-INVALID", "Nama Lengkap|", None),
    "B01 read twice": (voter(7, nama="CAF\u00c3\u2030"), "FILE-TEXT-DAMAGED", "Nama Lengkap|baca-utf-8", "AAAA"),
    "B04 total": (
        ["", "", "JUMLAH", "", "", "", "300", *[""] * 8], "FILE-ROW-TOTAL",
        "C|hapus-baris", "hapus baris / remove the row",
    ),
    "B19 region without form": (voter(7, desa="327901"), "FILE-CELL-INVALID", "Kode Wilayah|", None),
    "B30 other office": (voter(7, desa="3204011001"), "FILE-OFFICE-FOREIGN", "Kode Wilayah|", None),
    "name missing": (voter(7, nama=""), "FILE-CELL-EMPTY", "Nama Lengkap|", None),
    "long name": (voter(7, nama="A" * 200), "FILE-TEXT-LONG", "Nama Lengkap|", None),
    "unknown sex": (voter(7, jk="X"), "FILE-CELL-INVALID", "Jenis Kelamin|", None),
    "B22 twice in the file": (voter(1, nama="LAIN"), "FILE-NIK-TWICE", "NIK|", None),
}  # fmt: skip


@pytest.mark.parametrize(("bad", "code", "group", "suggestion"), VOTERS.values(), ids=VOTERS.keys())
def test_a_bad_row_has_its_cell_code_and_repair_and_its_neighbours_are_taken(
    tmp_path: Path, bad: list[str], code: str, group: str, suggestion: str | None
) -> None:
    _, rows = read(tmp_path / "daftar.csv", as_csv([HEADERS, BEFORE, bad, AFTER]))
    before, found, after = rows
    assert before.change is not None
    assert after.change is not None
    assert not before.problems
    assert not after.problems
    assert found.change is None
    [problem] = found.problems
    assert (problem.code, problem.group, problem.suggestion) == (code, f"{code}|{group}", suggestion)
    assert problem.grave
    assert problem.place.row == 3
    assert problem.pesan
    assert problem.message


WARNINGS: Final = {
    "B06 the NIK says otherwise": (
        voter(7, nik=f"327901050667{8:04}", lahir="06-05-1967"), "FILE-DATE-SWAPPED", "99-99-9999",
    ),
    "B11 RT": (voter(7, rt="1"), "FILE-ZERO-EATEN", "999"),
    "NKK of fifteen": (voter(7, nkk="327901010115001"), "FILE-NKK-LENGTH", None),
}  # fmt: skip


@pytest.mark.parametrize(("odd", "code", "suggestion"), WARNINGS.values(), ids=WARNINGS.keys())
def test_what_can_be_used_is_used_as_it_stands_and_the_repair_only_suggested(
    tmp_path: Path, odd: list[str], code: str, suggestion: str | None
) -> None:
    _, rows = read(tmp_path / "daftar.csv", as_csv([HEADERS, BEFORE, odd, AFTER]))
    [problem] = rows[1].problems
    assert (problem.code, problem.suggestion, problem.grave) == (code, suggestion, False)
    assert rows[1].change is not None
    assert rows[1].change["data"]["rt"] == odd[8]


@pytest.mark.parametrize("name", ["O'BRIEN", "D\u2019ARCY", "JOS\u00c9", "M. YUSUF, S.Pd.", "WARGA-UJI"])
def test_people_are_called_what_they_are_called(tmp_path: Path, name: str) -> None:
    _, rows = read(tmp_path / "daftar.csv", as_csv([HEADERS, voter(7, nama=name)]))
    assert rows[0].problems == ()
    assert rows[0].change is not None
    assert rows[0].change["data"]["nama"] == name


FORMS: Final = {
    "B16 beyond 2^53": ("9007199254740993", None),
    "B16 1e400": ("1e400", None),
    "B16 NaN": ("NaN", None),
    "B16 minus zero": ("-0", None),
    "B16 negative": ("-1", None),
    "B16 thousands": ("1.234", "1234"),
    "B16 fraction of nothing": ("12,0", "12"),
}


@pytest.mark.parametrize(("figure", "suggestion"), FORMS.values(), ids=FORMS.keys())
def test_a_figure_that_is_none_holds_back_its_form_alone(tmp_path: Path, figure: str, suggestion: str | None) -> None:
    bad = form(2, "100", "110", "210", "80", "70", figure, "5", "155")
    _, rows = read(tmp_path / "hasil.csv", as_csv([FORM_HEADERS, form(1), bad, form(3)]))
    assert [row.change is not None for row in rows] == [True, False, True]
    [problem] = rows[1].problems
    assert (problem.code, problem.suggestion, str(problem.place)) == ("FILE-FIGURE-INVALID", suggestion, "H3")


def test_an_empty_box_is_one_that_was_not_read_and_no_zero(tmp_path: Path) -> None:
    _, rows = read(tmp_path / "hasil.csv", as_csv([FORM_HEADERS, form(1, "100", "", "", "80", "", "", "0", "")]))
    assert rows[0].change is not None
    data = rows[0].change["data"]
    assert data["perolehan_suara"] == {"1000026": 80, "1000027": None}
    assert data["suara_tidak_sah"] == 0
    assert "suara_sah" not in data
    assert "pemilih_dpt_p" not in data


def test_b20_votes_beyond_the_voters_are_read_as_written_for_the_rules_to_judge(tmp_path: Path) -> None:
    _, rows = read(
        tmp_path / "hasil.csv", as_csv([FORM_HEADERS, form(1, "1", "1", "2", "800", "0", "800", "0", "800")])
    )
    assert rows[0].problems == ()
    assert rows[0].change is not None
    assert rows[0].change["data"]["suara_sah"] == 800


@pytest.mark.parametrize("kontes", ["pkwkp-2019", "presiden", ""])
def test_b30_a_table_of_another_election_is_named_so(tmp_path: Path, kontes: str) -> None:
    bad = form(2)
    bad[1] = kontes
    _, rows = read(tmp_path / "hasil.csv", as_csv([FORM_HEADERS, form(1), bad, form(3)]))
    assert [row.change is not None for row in rows] == [True, False, True]
    assert [problem.code for problem in rows[1].problems] == ["FILE-CONTEST-UNKNOWN"]


def test_b04_a_total_of_a_table_of_results_is_no_form(tmp_path: Path) -> None:
    total = ["TOTAL", "", "100", "110", "210", "80", "70", "150", "5", "155"]
    _, rows = read(tmp_path / "hasil.csv", as_csv([FORM_HEADERS, form(1), total, form(3)]))
    assert [row.change is not None for row in rows] == [True, False, True]
    assert [problem.code for problem in rows[1].problems] == ["FILE-ROW-TOTAL"]


def test_one_tps_has_one_row_for_each_kontes(tmp_path: Path) -> None:
    _, rows = read(tmp_path / "hasil.csv", as_csv([FORM_HEADERS, form(1), form(1)]))
    assert [problem.code for problem in rows[1].problems] == ["FILE-TPS-TWICE"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_b01_b02_a_file_says_the_same_however_it_is_written(tmp_path: Path, encoding: str, delimiter: str) -> None:
    table = [HEADERS, voter(1, nama="JOS\u00c9"), voter(2, alamat="JL. UJI, NO. 5; RUMAH")]
    _, expected = read(tmp_path / "biasa.csv", as_csv(table))
    reading, rows = read(tmp_path / "lain.csv", as_csv(table, delimiter=delimiter, encoding=encoding))
    assert [row.change for row in rows] == [row.change for row in expected]
    assert all(row.change is not None for row in rows)
    assert reading.kind == "daftar_pemilih"
    assert reading.of_one_tps == (DESA,)


def test_b01_one_damaged_letter_in_utf_8_is_named_and_the_file_stays_utf_8(tmp_path: Path) -> None:
    raw = as_csv([HEADERS, voter(1, nama="JOS\u00c9"), voter(2, nama="XQX"), voter(3)]).replace(b"XQX", b"X\xc9X")
    _, rows = read(tmp_path / "daftar.csv", raw)
    assert rows[0].change is not None
    assert rows[0].change["data"]["nama"] == "JOS\u00c9"
    assert [problem.code for problem in rows[1].problems] == ["FILE-TEXT-DAMAGED"]
    assert rows[2].change is not None


def test_b03_a_missing_column_is_named_and_nobody_has_disappeared(tmp_path: Path) -> None:
    table = [[cell for at, cell in enumerate(row) if at != 4] for row in (HEADERS, BEFORE, AFTER)]
    reading, rows = read(tmp_path / "daftar.csv", as_csv(table))
    [problem] = [problem for row in rows for problem in row.problems]
    assert (problem.code, problem.place.header) == ("FILE-COLUMN-MISSING", "tanggal_lahir")
    assert reading.scope == ()


def test_b03_b05_headers_nobody_knows_twice_or_blank_are_named_by_cell(tmp_path: Path) -> None:
    headers = [*HEADERS, "Hobi", "RT", ""]
    _, rows = read(tmp_path / "daftar.csv", as_csv([headers, [*BEFORE, "MEMANCING", "009", "SESUATU"]]))
    named = {(problem.code, str(problem.place)) for row in rows for problem in row.problems}
    assert named == {("FILE-COLUMN-UNKNOWN", "P1"), ("FILE-COLUMN-TWICE", "Q1"), ("FILE-COLUMN-BLANK", "R2")}
    assert rows[1].change is not None
    assert rows[1].change["data"]["rt"] == "001"


def test_b05_headers_stand_below_titles_and_under_merged_cells(tmp_path: Path) -> None:
    above = list(HEADERS)
    above[7:10] = ["Alamat", "", ""]
    below = [""] * len(HEADERS)
    below[7:10] = ["Jalan/Dukuh", "RT", "RW"]
    numbers = [str(number) for number in range(1, len(HEADERS) + 1)]
    title = ["DAFTAR PEMILIH TAHUN 2024", *[""] * 14]
    path = as_xlsx(tmp_path / "daftar.xlsx", {"Pemilih": [title, [], above, below, numbers, BEFORE, AFTER]})
    rows = list(open_file(path, office=OFFICE))
    assert [str(row.place) for row in rows] == ["Pemilih!6", "Pemilih!7"]
    assert all(row.change is not None and not row.problems for row in rows)
    assert rows[0].change is not None
    assert (rows[0].change["data"]["rt"], rows[0].change["data"]["rw"]) == ("001", "002")


def test_a_title_line_tells_the_desa_and_the_file_covers_it(tmp_path: Path) -> None:
    table = [["Kode Wilayah: 32.79.01.1001"], HEADERS[:13], BEFORE[:13]]
    reading, rows = read(tmp_path / "daftar.csv", as_csv(table))
    assert rows[0].change is not None
    assert rows[0].change["data"]["desa"] == DESA
    assert reading.scope == (DESA,)


def test_a_list_of_one_tps_covers_no_desa(tmp_path: Path) -> None:
    table = [[f"Kode Wilayah: {DESA}"], ["TPS 001"], HEADERS[:13], BEFORE[:13]]
    reading, rows = read(tmp_path / "daftar.csv", as_csv(table))
    assert rows[0].change is not None
    assert rows[0].change["data"]["tps"] == "001"
    assert reading.scope == ()


OTHER_DESA: Final = "3279011002"
LETTERHEAD: Final = ["KPU KOTA BANJAR, KODE KOTA 3279"]


@pytest.mark.parametrize(
    ("table", "scope", "asked"),
    [
        ([HEADERS, BEFORE, AFTER], (), (DESA,)),
        ([LETTERHEAD, HEADERS, BEFORE, AFTER], (), (DESA,)),
        ([HEADERS, BEFORE, voter(2, tps="002")], (DESA,), ()),
        ([HEADERS, voter(1, tps=""), voter(2, tps="")], (DESA,), ()),
        ([HEADERS, BEFORE, voter(2, tps="")], (), (DESA,)),
        ([HEADERS, BEFORE, voter(2, tps="002"), voter(3, desa=OTHER_DESA)], (DESA,), (OTHER_DESA,)),
        ([LETTERHEAD, HEADERS, BEFORE, voter(2, tps="002")], (OFFICE,), ()),
        ([[f"KODE DESA {DESA}"], HEADERS, BEFORE, AFTER], (DESA,), ()),
    ],
)
def test_nobody_is_gone_from_a_desa_of_which_one_tps_alone_is_listed(
    tmp_path: Path, table: list[list[str]], scope: tuple[str, ...], asked: tuple[str, ...]
) -> None:
    reading, _ = read(tmp_path / "daftar.csv", as_csv(table))
    assert (reading.scope, reading.of_one_tps) == (scope, asked)
    # What the office says it lists counts, but not where it lists nobody: that is a slip of the pen.
    assert reading.scope_named([DESA, "3279021001"]) == (DESA,)


def test_a_list_of_changes_says_who_may_not_vote_and_covers_nothing(tmp_path: Path) -> None:
    table = [["DAFTAR PERUBAHAN PEMILIH"], HEADERS, voter(1, ket="1"), voter(2, ket="U")]
    reading, rows = read(tmp_path / "ubah.csv", as_csv(table))
    assert reading.kind == "perubahan_pemilih"
    assert reading.scope == ()
    changes = [row.change["data"] for row in rows if row.change is not None]
    assert [(data.get("status"), data.get("tms")) for data in changes] == [("tms", "1"), (None, None)]


@pytest.mark.parametrize("title", ["DAFTAR PEMILIH", "DAFTAR PERUBAHAN PEMILIH"])
def test_b22_who_was_named_by_a_row_that_cannot_be_used_is_named_once_all_the_same(tmp_path: Path, title: str) -> None:
    bad, good = voter(1, lahir="31-02-1990"), voter(1, nama="LAIN")
    _, rows = read(tmp_path / "daftar.csv", as_csv([[title], HEADERS, bad, good, voter(2)]))
    assert [(row.place.row, row.change is not None) for row in rows] == [(3, False), (4, False), (5, True)]
    [problem] = rows[1].problems
    assert (problem.code, str(problem.place), problem.expected) == (
        "FILE-NIK-TWICE",
        "B4",
        "hanya di baris 3 / only on row 3",
    )


def test_b07_a_nik_that_excel_stored_as_a_number_cannot_be_brought_back(tmp_path: Path) -> None:
    bad: list[object] = list(voter(7))
    bad[1] = float(NIK)
    path = as_xlsx(tmp_path / "daftar.xlsx", {"Pemilih": [HEADERS, BEFORE, bad, AFTER]})
    rows = list(open_file(path, office=OFFICE))
    [problem] = rows[1].problems
    assert (str(problem.place), problem.code, problem.suggestion) == ("Pemilih!B3", "FILE-NIK-NUMBER", None)
    assert rows[2].change is not None


def test_b12_a_quote_that_nobody_closed_takes_no_other_row_along(tmp_path: Path) -> None:
    raw = as_csv([HEADERS, BEFORE, voter(7, nama="XQX"), AFTER, voter(3)]).replace(b"XQX", b'"WARGA')
    _, rows = read(tmp_path / "daftar.csv", raw)
    assert [row.place.row for row in rows if row.change is not None][-2:] == [4, 5]


@pytest.mark.parametrize("cut", [5, 40, 70])
def test_b17_a_file_cut_short_says_so_and_its_last_row_is_not_used(tmp_path: Path, cut: int) -> None:
    reading, rows = read(tmp_path / "daftar.csv", as_csv([HEADERS, BEFORE, AFTER])[:-cut])
    assert rows[0].change is not None
    assert rows[-1].change is None
    assert [problem.code for problem in rows[-1].problems] == ["FILE-TRUNCATED"]
    assert reading.scope == ()


REFUSED: Final = {
    "empty": (b"", "FILE-EMPTY"),
    "spaces": (b" \r\n \r\n", "FILE-EMPTY"),
    "gzip": (b"\x1f\x8b\x08\x00", "FILE-PACKED"),
    "PDF": (b"%PDF-1.7", "FILE-UNREADABLE"),
    "old or locked workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "FILE-UNREADABLE"),
    "half a zip": (b"PK\x03\x04" + b"\0" * 40, "FILE-UNREADABLE"),
}


@pytest.mark.parametrize(("raw", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_b17_what_is_no_file_is_refused_with_a_code(tmp_path: Path, raw: bytes, code: str) -> None:
    with pytest.raises(FileRefusedError) as refused:
        read(tmp_path / "berkas", raw)
    assert refused.value.problem.code == code


def test_b17_a_cut_workbook_is_refused(tmp_path: Path) -> None:
    path = as_xlsx(tmp_path / "daftar.xlsx", {"Pemilih": [HEADERS, BEFORE]})
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(FileRefusedError) as refused:
        open_file(path, office=OFFICE)
    assert refused.value.problem.code == "FILE-UNREADABLE"


def test_a_file_of_sirekap_is_read_as_the_one_change_it_is(tmp_path: Path) -> None:
    raw = b'{"mode":"hhcw","chart":{"100025":1},"images":[],"administrasi":null,"psu":null,"ts":null}'
    reading, rows = read(tmp_path / f"{DESA}001.json", raw)
    assert reading.kind == "sirekap"
    assert [row.change["type"] for row in rows if row.change is not None] == ["c_hasil.recorded.v1"]
    _, rows = read(tmp_path / "lain.json", raw)
    assert [problem.code for row in rows for problem in row.problems] == ["QUERY-INVALID"]


def test_four_thousand_problems_of_one_cause_are_one_group(tmp_path: Path) -> None:
    table = [HEADERS, *(voter(nth, tps=str(nth % 9 + 1)) for nth in range(1, 4_001))]
    _, rows = read(tmp_path / "daftar.csv", as_csv(table))
    assert {problem.group for row in rows for problem in row.problems} == {"FILE-ZERO-EATEN|TPS|tambah-nol"}


def test_nothing_of_a_person_stands_in_a_problem(tmp_path: Path) -> None:
    table = [HEADERS, *(bad for bad, *_ in VOTERS.values()), *(odd for odd, *_ in WARNINGS.values())]
    _, rows = read(tmp_path / "daftar.csv", as_csv(table))
    told = "".join(f"{row!r}{row.problems!r}{[problem.group for problem in row.problems]}" for row in rows)
    for secret in (NIK, NIK[:15], "WARGA", "BANJAR", "1967", "JL. UJI", voter(7)[0]):
        assert secret not in told


def test_every_code_of_a_file_is_explained_to_offices() -> None:
    page = (Path(__file__).resolve().parents[4] / "docs" / "files.md").read_text("utf-8")
    for code, entry in CATALOGUE.items():
        if code.startswith("FILE-"):
            assert f"| `{code}` | {entry.judul}. {entry.saran} | {entry.title}. {entry.fix} |" in page
