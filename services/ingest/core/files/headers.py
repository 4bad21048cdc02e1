"""Finds the header row of a table and what each column is, whatever their order, as form or contract spell it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from services.ingest.core.files.masking import shape, shown
from services.ingest.core.files.row import CellProblem, Place, letters

Kind = Literal["daftar_pemilih", "perubahan_pemilih", "c_hasil"]
"""What a table is about: Model A-Daftar Pemilih, A-Daftar Perubahan Pemilih, C.Hasil with one row for each TPS."""

_SEPARATORS: Final = re.compile(r"[\W_]+")
_RECOGNISED_MIN: Final = 2
"""Two known headers in one row are no accident; a title line has at most one."""
_HEADER_CHARACTERS_MAX: Final = 40


def _voter_names() -> dict[str, str]:
    spellings = {
        "nkk": "nkk nokk nomorkk nokartukeluarga nomorkartukeluarga kk",
        "nik": "nik nonik nomornik nikktp noktp nomorindukkependudukan",
        "nama": "nama namalengkap namapemilih",
        "tempat_lahir": "tempatlahir tmptlahir tmplahir tptlahir",
        "tanggal_lahir": "tanggallahir tgllahir tgllhr tanggallahirddmmyyyy tanggallahirhhbbtttt tanggallahirhari",
        "status_kawin": "statuskawin statusperkawinan stskawin statuskawinbsp statusperkawinanbsp kawin",
        "jenis_kelamin": "jeniskelamin jk lp kelamin jeniskelaminlp jnskelamin",
        "alamat": "alamat alamatjalandukuh jalandukuh alamatlengkap jalan",
        "rt": "rt nort alamatrt",
        "rw": "rw norw alamatrw",
        "disabilitas": "disabilitas difabel kodedisabilitas jenisdisabilitas ragamdisabilitas penyandangdisabilitas",
        "ktp_el": "ktpel ektp ktpelektronik statusktpel statusperekamanktpel statuskepemilikanktpel statusktpelsb",
        "keterangan": "keterangan ket",
        "desa": "desa kodewilayah kodedesa kodekelurahan kodedesakelurahan kodekel kodewil",
        "tps": "tps notps nomortps kodetps",
        "status": "status statuspemilih",
        "tms": "tms kodetms alasantms",
        "dokumen": "dokumen dokumenpendukung nomordokumen nodokumen nosurat",
        "jenis_perubahan": "jenisperubahan perubahan statusperubahan",
    }
    return {name: field for field, names in spellings.items() for name in names.split()}


def _form_names() -> dict[str, str]:
    rows = {
        "pemilih_dpt": "pemilihdpt dpt datapemilih datapemilihdpt jumlahpemilihdpt jumlahpemilihdalamdpt",
        "pengguna_dpt": "penggunadpt penggunadalamdpt penggunahakpilihdpt penggunahakpilihdalamdpt",
        "pengguna_dptb": "penggunadptb penggunahakpilihdptb penggunahakpilihdalamdptb penggunapindahan dptb",
        "pengguna_dpk": "penggunadpk penggunahakpilihdpk penggunahakpilihdalamdpk penggunatambahan dpk",
        "pengguna_total": "penggunatotal penggunahakpilih jumlahpenggunahakpilih penggunahakpilihtotal",
        "disabilitas": "disabilitas pemilihdisabilitas penggunadisabilitas",
    }
    columns = {"l": "l lk laki lakilaki", "p": "p pr perempuan", "j": "j jml jumlah lp total"}
    names = {
        row_name + column_name: f"{row}_{column}"
        for row, row_names in rows.items()
        for row_name in row_names.split()
        for column, column_names in columns.items()
        for column_name in column_names.split()
    }
    single = {
        "ss_diterima": "ssditerima suratsuaraditerima suratsuarayangditerima",
        "ss_digunakan": "ssdigunakan suratsuaradigunakan suratsuarayangdigunakan",
        "ss_rusak": "ssrusak suratsuararusak suratsuaradikembalikan suratsuararusakkelirucoblos",
        "ss_sisa": "sssisa suratsuarasisa suratsuaratidakdigunakan suratsuaratidakterpakai",
        "suara_sah": "suarasah jumlahsuarasah jumlahseluruhsuarasah",
        "suara_tidak_sah": "suaratidaksah jumlahsuaratidaksah",
        "suara_total": "suaratotal totalsuara jumlahsuarasahdantidaksah jumlahseluruhsuara suarasahdantidaksah",
        "kontes": "kontes kodekontes",
        "tps": "tps notps nomortps kodetps",
        "desa": "desa kodewilayah kodedesa kodekelurahan kodedesakelurahan kodekel kodewil",
        "jenis_kejadian": "jeniskejadian",
    }
    return names | {name: field for field, spelled in single.items() for name in spelled.split()}


_VOTER: Final = _voter_names()
_FORM: Final = _form_names()
NAMES: Final[Mapping[Kind, Mapping[str, str]]] = {
    "daftar_pemilih": _VOTER,
    "perubahan_pemilih": _VOTER,
    "c_hasil": _FORM,
}
REQUIRED: Final[Mapping[Kind, tuple[str, ...]]] = {
    "daftar_pemilih": ("nik", "nama", "tanggal_lahir", "jenis_kelamin"),
    "perubahan_pemilih": ("nik", "nama", "tanggal_lahir", "jenis_kelamin"),
    "c_hasil": ("tps",),
}
"""Columns without which no row can become a change; the place may also stand in a title line."""
_TELLING: Final = frozenset({"nik", "nkk", "suara_sah", "suara_total", "ss_diterima"})
_PASSED_OVER: Final = frozenset(
    {
        *("no", "nomor", "nourut", "nomorurut", "urut", "idpemilih", "dpid", "id", "usia", "umur", "namatps"),
        *("kecamatan", "namakecamatan", "kabupaten", "kabupatenkota", "kabkota", "provinsi", "namaprovinsi"),
        *("kelurahan", "desakelurahan", "namadesa", "namakelurahan", "namadesakelurahan"),
    }
)
"""What offices' own lists carry beside the form: known, and not part of a change."""
_CALON_ID: Final = re.compile(r"(?:perolehansuara|suara|paslon|calon|idcalon|suarapaslon|suaracalon)?([0-9]{5,12})")
_CALON_NOMOR: Final = re.compile(
    r"(?:perolehansuara|suara)?(?:paslon|pasangancalon|calon)(?:nomorurut|nourut|nomor|no)?0*([1-9][0-9]?)"
)


class Column(NamedTuple):
    """One column that is read."""

    at: int
    """From 0."""
    header: str


class Layout(NamedTuple):
    """What the columns of one sheet are."""

    kind: Kind
    row: int
    """Number of the last header row."""
    columns: dict[str, Column]
    """By field of the contract; candidates as ``calon:<id>`` or ``nomor:<nomor urut>``."""
    width: int
    unread: frozenset[int]
    """Columns with a header that are known and passed over, or were named as unknown."""
    problems: tuple[CellProblem, ...]


def spelled(text: str) -> str:
    """Return a header as it is compared: without case, spaces and punctuation."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text).casefold())


def field_of(text: str, kind: Kind) -> str | None:
    """Return the field that a header names in a table of ``kind``."""
    name = spelled(text)
    field = NAMES[kind].get(name)
    if field is None and kind == "c_hasil":
        if match := _CALON_ID.fullmatch(name):
            return f"calon:{match[1]}"
        if match := _CALON_NOMOR.fullmatch(name):
            return f"nomor:{match[1]}"
    return field


def find_layout(
    rows: Sequence[tuple[int, list[str]]], *, sheet: str | None, kind: Kind | None, titles: str
) -> Layout | None:
    """Return what the first ``rows`` of a sheet say about its columns, or ``None`` when no known table begins.

    ``titles`` decides between a list and a list of changes, which have the same columns.
    """
    kinds: tuple[Kind, ...] = (kind,) if kind is not None else ("daftar_pemilih", "c_hasil")
    best: tuple[int, int, Kind, list[str], int] | None = None
    for place, (number, cells) in enumerate(rows):
        for candidate in kinds:
            for headers, depth in _readings(cells, rows[place + 1][1] if place + 1 < len(rows) else []):
                fields = {field_of(header, candidate) for header in headers} - {None}
                score = len(fields)
                if kind is None and not fields & _TELLING:
                    continue
                if score >= _RECOGNISED_MIN and (best is None or score > best[0]):
                    best = (score, number, candidate, headers, depth)
    if best is None:
        return None
    _, number, found, headers, depth = best
    if kind is None and found == "daftar_pemilih":
        named = {field_of(header, found) for header in headers}
        if "jenis_perubahan" in named or "perubahan" in spelled(titles):
            found = "perubahan_pemilih"
    return _layout(headers, number + depth, sheet, found)


def _readings(cells: list[str], below: list[str]) -> Iterable[tuple[list[str], int]]:
    """Yield the headers of one row, then of that row with the one below it under merged cells."""
    yield cells, 0
    if not any(below):
        return
    joined, above = [], ""
    for index in range(max(len(cells), len(below))):
        own = cells[index] if index < len(cells) else ""
        under = below[index] if index < len(below) else ""
        above = own or above
        joined.append(f"{above} {under}" if under and not under.isdigit() else own)
    yield joined, 1


def _layout(headers: list[str], row: int, sheet: str | None, kind: Kind) -> Layout:
    columns: dict[str, Column] = {}
    unread = set()
    problems = []
    named = {field_of(header, kind): index for index, header in reversed(list(enumerate(headers)))}
    coded = any(field_of(header, kind) == "desa" and spelled(header) != "desa" for header in headers)
    for index, header in enumerate(headers):
        name = spelled(header)
        field = field_of(header, kind)
        if field == "desa" and name == "desa" and coded:
            field = None  # beside a column of codes, "Desa" holds names
            unread.add(index)
            continue
        place = Place(sheet, row, letters(index), header.strip() if field is not None else None)
        if field is None:
            if name in _PASSED_OVER:
                unread.add(index)
            elif header.strip():
                unread.add(index)
                seen = shown(header.strip()) if _is_plain(header) else shape(header.strip())
                problems.append(CellProblem(place, "FILE-COLUMN-UNKNOWN", seen, _known(kind), None, grave=False))
        elif field in columns:
            unread.add(index)
            first = letters(columns[field].at)
            expected = f"satu kolom saja; {first} yang pertama / one column only; {first} is the first"
            problems.append(
                CellProblem(place, "FILE-COLUMN-TWICE", shown(header), expected, None, field in REQUIRED[kind])
            )
        else:
            columns[field] = Column(index, header.strip())
    missing = [field for field in REQUIRED[kind] if field not in named]
    problems += [
        CellProblem(Place(sheet, row, None, field), "FILE-COLUMN-MISSING", "", field, None, grave=True)
        for field in missing
    ]
    return Layout(kind, row, columns, len(headers), frozenset(unread), tuple(problems))


def _is_plain(header: str) -> bool:
    return len(header) <= _HEADER_CHARACTERS_MAX and not any(sign.isdigit() for sign in header)


def _known(kind: Kind) -> str:
    return "kolom Model A / a column of Model A" if kind != "c_hasil" else "kolom C.Hasil / a column of C.Hasil"
