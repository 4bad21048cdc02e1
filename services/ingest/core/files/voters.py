"""Reads one row of Model A: in one look when all is in order, cell by cell when it is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from operator import itemgetter
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from contracts.identifiers import Tingkat
from contracts.submission import SUBMISSION_TYPES
from services.ingest.core.files.cells import Cells
from services.ingest.core.files.dates import in_number, read_date, with_day_and_month_exchanged
from services.ingest.core.files.headers import Layout
from services.ingest.core.files.tempat import Title, read_tempat

TYPE: Final = "pemilih.recorded.v1"
_MODEL: Final = SUBMISSION_TYPES[TYPE].model
_SEPARATOR: Final = "\x1f"
_NAMA_MAX: Final = 120
_TEMPAT_MAX: Final = 80
_ALAMAT_MAX: Final = 200
_KETERANGAN_MAX: Final = 40
_DOKUMEN_MAX: Final = 120
_RT_DIGITS: Final = 3
_DATES_MAX: Final = 60_000
"""A hundred and sixty years of birthdays: what is kept of dates that were read."""

_KELAMIN: Final = {"L": "L", "P": "P", "LK": "L", "PR": "P", "LAKI-LAKI": "L", "LAKI LAKI": "L", "PEREMPUAN": "P"}
_KAWIN: Final = {
    "B": "B", "S": "S", "P": "P", "BELUM": "B", "BELUM KAWIN": "B", "SUDAH": "S", "SUDAH KAWIN": "S", "KAWIN": "S",
    "PERNAH": "P", "PERNAH KAWIN": "P",
}  # fmt: skip
_KTP_EL: Final = {"S": "S", "B": "B", "SUDAH": "S", "BELUM": "B"}
_DISABILITAS: Final = {digit: digit for digit in "0123456"}
_STATUS: Final = {"AKTIF": "aktif", "TMS": "tms", "DITANGGUHKAN": "ditangguhkan"}
_TMS_CODE: Final = re.compile(r"[1-9]|1[0-2]")
_KODE: Final = re.compile(r"[0-9A-Z]{1,4}")
_SIXTEEN: Final = re.compile(r"[0-9]{16}")
_FLOAT: Final = re.compile(r"[0-9]([.,][0-9]+)?E\+?[0-9]{1,3}|[0-9]{14,}[.,]0+", re.IGNORECASE)
_DIGITS: Final = re.compile(r"[0-9]+")

# What each element looks like when nothing about it needs a second look. The order is that of the row as it is joined.
_IN_ORDER: Final = {
    "nik": "(?!1{16})[0-9]{12}(?!0000)[0-9]{4}",
    "nkk": "(?:[0-9]{16})?",
    "nama": "[A-Za-z](?:[A-Za-z .,'-]{0,118}[A-Za-z.])?",
    "tempat_lahir": "(?:[A-Za-z](?:[A-Za-z .,'()-]{0,78}[A-Za-z.)])?)?",
    "tanggal_lahir": "[0-9]{2}-[0-9]{2}-[0-9]{4}|[0-9]{2}/[0-9]{2}/[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "status_kawin": "[BSP]?",
    "jenis_kelamin": "[LP]",
    "alamat": "(?:[A-Za-z](?:[A-Za-z0-9 .,'()/:#-]{0,198}[A-Za-z0-9.)])?)?",
    "rt": "(?:[0-9]{3})?",
    "rw": "(?:[0-9]{3})?",
    "ktp_el": "[SB]?",
    "keterangan": "[A-Z]?",
    "disabilitas": "[0-6]?",
    "desa": "",
    "tps": "[0-9]{3}",
}
_SLOW_ONLY: Final = ("status", "tms", "dokumen")
"""Columns of changed voters: a row that fills them is read cell by cell."""


class ReadVoter(NamedTuple):
    """What a row says about a voter."""

    change: dict[str, Any] | None
    nik: str | None
    desa: str | None


class VoterReader:
    """Reads the rows of one sheet of voters."""

    def __init__(self, layout: Layout, title: Title, office: str) -> None:
        """Prepare for the columns that the sheet has."""
        self._title = title
        self._office = office
        self._dates: dict[str, tuple[str, frozenset[str]]] = {}
        columns = layout.columns
        self._fast: Callable[[list[str]], Any] | None = None
        fields = [field for field in _IN_ORDER if field in columns]
        spare: list[str] = [field for field in _SLOW_ONLY if field in columns]
        within = title.wilayah or office
        declared = title.wilayah if title.wilayah is not None and len(title.wilayah) == Tingkat.DESA else None
        self._declared = {
            key: value for key, value in (("desa", declared), ("tps", title.tps)) if value and key not in columns
        }
        if (
            {"nik", "nama", "tanggal_lahir", "jenis_kelamin"} <= columns.keys()
            and ("desa" in columns or declared is not None)
            and within.startswith(office)
            and "jenis_perubahan" not in columns
        ):
            self._fast = itemgetter(*(columns[field].at for field in fields + spare))
        patterns = [_IN_ORDER[field] for field in fields] + [""] * len(spare)
        if "desa" in columns:
            patterns[fields.index("desa")] = f"{within}[0-9]{{{Tingkat.DESA - len(within)}}}"
        self._pattern = re.compile(_SEPARATOR.join(f"({pattern})" for pattern in patterns))
        self._fields = fields
        self._keys = fields + spare
        self._birthday = self._keys.index("tanggal_lahir") if "tanggal_lahir" in self._keys else 0

    def glance(self, cells: list[str]) -> dict[str, Any] | None:
        """Return the change of a row in which nothing needs a second look; ``None`` says nothing about the row."""
        if self._fast is None:
            return None
        try:
            values = self._fast(cells)
        except IndexError:
            return None
        if self._pattern.fullmatch(_SEPARATOR.join(values)) is None:
            return None
        born = self._dates.get(values[self._birthday]) or self._date(values[self._birthday])
        # The NIK carries the date of birth; where it does not, day and month may stand exchanged.
        if born is None or values[0][6:12] not in born[1]:
            return None
        data = {key: value for key, value in zip(self._keys, values, strict=True) if value}
        data["tanggal_lahir"] = born[0]
        if self._declared:
            # In the order of the contract, whether a place came from a column or from a title.
            data |= self._declared
            if "tps" in data:
                data["tps"] = data.pop("tps")
        return {"type": TYPE, "data": data}

    def fits(self, cells: list[str]) -> bool:
        """Return whether a row would need no second look."""
        return self.glance(cells) is not None

    def read(self, cells: Cells) -> ReadVoter:
        """Return what a row says, noting what is wrong with each cell."""
        nik, nkk = _number(cells, "nik"), _number(cells, "nkk")
        born = _born(cells)
        if nik is not None and born is not None:
            _check_against_nik(cells, nik, nkk, born)
        tempat = read_tempat(cells, self._title, self._office)
        status, tms = _status(cells)
        data: dict[str, Any] = {
            "nik": nik,
            "nkk": nkk,
            "nama": cells.text("nama", _NAMA_MAX, required=True),
            "tempat_lahir": cells.text("tempat_lahir", _TEMPAT_MAX),
            "tanggal_lahir": born.isoformat() if born is not None else None,
            "status_kawin": cells.choice("status_kawin", _KAWIN),
            "jenis_kelamin": cells.choice("jenis_kelamin", _KELAMIN, required=True),
            "alamat": cells.text("alamat", _ALAMAT_MAX),
            "rt": _rt(cells, "rt"),
            "rw": _rt(cells, "rw"),
            "ktp_el": cells.choice("ktp_el", _KTP_EL),
            "keterangan": cells.text("keterangan", _KETERANGAN_MAX),
            "disabilitas": cells.choice("disabilitas", _DISABILITAS),
            "desa": tempat.desa,
            "tps": tempat.tps,
            "status": status,
            "tms": tms,
            "dokumen": cells.text("dokumen", _DOKUMEN_MAX),
        }
        if cells.grave:
            return ReadVoter(None, nik, tempat.desa)
        change = {"type": TYPE, "data": {key: value for key, value in data.items() if value is not None}}
        try:
            _MODEL.model_validate(change)
        except ValidationError as error:
            for found in error.errors(include_url=False, include_context=False, include_input=False):
                cells.wrong(str(found["loc"][-1]), "FILE-CELL-INVALID", found["msg"])
            return ReadVoter(None, nik, tempat.desa)
        return ReadVoter(change, nik, tempat.desa)

    def _date(self, text: str) -> tuple[str, frozenset[str]] | None:
        """Return the ISO form of a date that was not read before, with the two ways in which a NIK carries it."""
        iso = read_date(text).iso
        if iso is None:
            return None
        year, month, day = iso[2:4], iso[5:7], int(iso[8:])
        known = (iso, frozenset({f"{day:02}{month}{year}", f"{day + 40}{month}{year}"}))
        if len(self._dates) < _DATES_MAX:
            self._dates[text] = known
        return known


def _number(cells: Cells, field: str) -> str | None:
    """Return a NIK or NKK, or ``None`` when there is none that can be taken."""
    found = cells.get(field)
    expected = "16 angka / 16 digits"
    if not found or (field == "nkk" and found == "-"):
        if field == "nik":
            cells.wrong(field, "FILE-CELL-EMPTY", expected)
        return None
    number = found.removeprefix("'")  # an apostrophe is how a spreadsheet is told "this is text"
    if _SIXTEEN.fullmatch(number) and (field == "nkk" or (number[12:] != "0000" and len(set(number)) > 1)):
        return number
    if _FLOAT.fullmatch(number):
        cells.wrong(field, "FILE-NIK-NUMBER", f"{expected}, sebagai teks / as text")
    elif not cells.is_odd(field):
        bare = re.sub(r"[ .\-]", "", number)
        fits = _SIXTEEN.fullmatch(bare) is not None and bare != number
        cells.wrong(
            field,
            "FILE-NIK-LENGTH" if field == "nik" else "FILE-NKK-LENGTH",
            expected,
            suggestion=bare if fits else None,
            repair="hapus-pemisah" if fits else None,
            # The rules hold a voter without a good NKK by themselves; without a good NIK nobody knows who it is.
            grave=field == "nik" or _DIGITS.fullmatch(number) is None,
        )
        return number if field == "nkk" and _DIGITS.fullmatch(number) else None
    return None


def _born(cells: Cells) -> date | None:
    text = cells.get("tanggal_lahir")
    expected = "HH-BB-TTTT / DD-MM-YYYY"
    if not text:
        cells.wrong("tanggal_lahir", "FILE-CELL-EMPTY", expected)
        return None
    found = read_date(text)
    if found.iso is not None:
        return date.fromisoformat(found.iso)
    if found.code is not None and not (found.suggestion is None and cells.is_odd("tanggal_lahir")):
        suggestion = found.suggestion.strftime("%d-%m-%Y") if found.suggestion is not None else None
        cells.wrong("tanggal_lahir", found.code, expected, suggestion=suggestion, repair=found.repair)
    return None


def _check_against_nik(cells: Cells, nik: str, nkk: str | None, born: date) -> None:
    """Note a NIK in the place of the NKK, and a day in the place of the month, where the numbers tell."""
    if in_number(nik, born):
        return
    if nkk is not None and _SIXTEEN.fullmatch(nkk) and in_number(nkk, born):
        expected = (
            "NIK; yang berisi tanggal lahir ada di kolom NKK / the number with the date of birth stands under NKK"
        )
        cells.wrong("nik", "FILE-NIK-NKK-SWAPPED", expected, suggestion=nkk, repair="tukar-nik-nkk")
        return
    other = with_day_and_month_exchanged(born.isoformat())
    if other is not None and in_number(nik, other):
        cells.wrong(
            "tanggal_lahir",
            "FILE-DATE-SWAPPED",
            "seperti pada NIK / as in the NIK",
            suggestion=other.strftime("%d-%m-%Y"),
            repair="tukar-hari-bulan",
            grave=False,
        )


def _rt(cells: Cells, field: str) -> str | None:
    found = cells.get(field)
    if found in {"", "-"}:
        return None
    if not re.fullmatch("[0-9]{1,3}", found):
        if not cells.is_odd(field):
            cells.wrong(field, "FILE-CELL-INVALID", "3 angka / 3 digits")
        return None
    if len(found) < _RT_DIGITS:
        suggestion = found.zfill(_RT_DIGITS)
        cells.wrong(
            field, "FILE-ZERO-EATEN", "3 angka / 3 digits", suggestion=suggestion, repair="tambah-nol", grave=False
        )
    return found


def _status(cells: Cells) -> tuple[str | None, str | None]:
    """Return status and TMS code: from their own columns, or from the keterangan of a list of changes."""
    status = cells.choice("status", _STATUS)
    tms = cells.get("tms").upper() or None
    if tms == "-":
        tms = None
    if tms is not None and not _KODE.fullmatch(tms):
        cells.wrong("tms", "FILE-CELL-INVALID", "kode TMS / a code of the TMS set")
        tms = None
    noted = cells.get("keterangan")
    if tms is None and _TMS_CODE.fullmatch(noted):
        tms = noted
    if status is None and (tms is not None or cells.get("jenis_perubahan").upper() == "TMS"):
        status = "tms"
    return status, tms
