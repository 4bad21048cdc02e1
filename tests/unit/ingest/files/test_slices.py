"""A large workbook is read slice by slice, and says exactly what it says when it is read as a whole."""

from __future__ import annotations

import io
import tempfile
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingest.adapters.files.workbook import Workbook
from services.ingest.core.files.row import FileRefusedError

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12) | st.sampled_from(
    [' t="s"', "</row>", "<c r='A1'", "=1+1", " spasi ", "&amp;", "_x0041_"]
)
CELLS = st.one_of(
    st.none(),
    TEXTS,
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(date(1910, 1, 1), date(2049, 1, 1)),
)
TABLES = st.lists(st.lists(CELLS, max_size=6), max_size=30)


def written(tables: dict[str, list[list[object]]], *, first: tuple[int, int] = (0, 0), inline: bool = False) -> bytes:
    """Return a workbook with one sheet for each table, which begins at a row and column."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"constant_memory": inline, "in_memory": True}) as book:
        dates = book.add_format({"num_format": "dd-mm-yyyy"})
        for name, table in tables.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(table, start=first[0]):
                for column, value in enumerate(row, start=first[1]):
                    if isinstance(value, date):
                        sheet.write_datetime(at, column, datetime(value.year, value.month, value.day), dates)  # noqa: DTZ001  # a cell has no zone
                    elif isinstance(value, str) and value.startswith("="):
                        sheet.write_formula(at, column, value, value="dua")
                    elif value is not None:
                        sheet.write(at, column, value)
    return made.getvalue()


def read(raw: bytes, **limits: int) -> dict[str, list[tuple[int, list[str]]]]:
    """Return the rows of each sheet in which anything stands."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "buku.xlsx"
        path.write_bytes(raw)
        sheets = Workbook(path, **limits).sheets()
        return {name: [(number, cells) for number, cells in rows if any(cells)] for name, rows in sheets}


@given(
    TABLES,
    TABLES,
    st.tuples(st.integers(0, 40), st.integers(0, 3)),
    st.integers(1, 4_000),
    st.sampled_from(["shared", "inline"]),
)
@settings(max_examples=60, deadline=None)
def test_a_workbook_says_the_same_whole_and_in_slices(
    one: list[list[object]], two: list[list[object]], first: tuple[int, int], size: int, texts: str
) -> None:
    raw = written({"Satu": one, "Dua": two}, first=first, inline=texts == "inline")
    whole = read(raw, cells_max=10**9)
    for table, name in ((one, "Satu"), (two, "Dua")):
        filled = [at for at, row in enumerate(table, start=first[0] + 1) if any(cell not in {None, ""} for cell in row)]
        assert [number for number, _ in whole[name]] == filled
    try:
        sliced = read(raw, cells_max=-1, slice_bytes=size)
    except FileRefusedError as error:
        # What cannot be told from the end of a cell is not cut, and never read wrongly.
        assert texts == "inline"  # texts stand among the cells only then
        assert error.problem.code == "FILE-TOO-LARGE"  # noqa: PT017  # likewise
        assert any(isinstance(cell, str) and ' t="s"' in cell for row in (*one, *two) for cell in row)
    else:
        assert sliced == whole


def test_a_cell_far_away_makes_no_room_for_all_between() -> None:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Pemilih")
        sheet.write(0, 0, "NIK")
        sheet.write(1_048_575, 16_383, "x")
    [(_, rows)] = read(made.getvalue()).items()
    assert [(number, len(cells), cells[0], cells[-1]) for number, cells in rows] == [
        (1, 16_384, "NIK", ""),
        (1_048_576, 16_384, "", "x"),
    ]


def rewritten(raw: bytes, part: str, old: bytes, new: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            assert name != part or old in content
            after.writestr(name, content.replace(old, new) if name == part else content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("sheet", b'<c r="A2" t="s">', b'<c t="s" r="A2">'),
        ("sheet", b'<c r="A2" t="s">', b"<c r='A2' t='s'>"),
        ("sheet", b'<c r="A2" t="s">', b'<c t="s">'),
        ("sheet", b'<c r="A2" t="s">', b'<c r="A9" t="s">'),
        ("sheet", b'<row r="2"', b'<row n="2"'),
        ("sheet", b'<row r="2"', b'<!-- </row> --><row r="2"'),
        ("sheet", b'<c r="A2" t="s"><v>', b'<c r="A2" t="s"><v> '),
        ("sheet", b'<c r="A2" t="s"><v>1<', b'<c r="A2" t="s"><v>7<'),
        ("sheet", b"</sheetData>", b""),
        ("texts", b"<si>", b"<!-- <si> --><si>"),
    ],
)
def test_what_cannot_be_cut_with_certainty_is_refused(part: str, old: bytes, new: bytes) -> None:
    raw = written({"Satu": [["NIK"], ["3279"], ["3280"]]})
    name = {"sheet": "xl/worksheets/sheet1.xml", "texts": "xl/sharedStrings.xml"}[part]
    with pytest.raises(FileRefusedError) as refused:
        read(rewritten(raw, name, old, new), cells_max=-1)
    assert refused.value.problem.code == "FILE-TOO-LARGE"
