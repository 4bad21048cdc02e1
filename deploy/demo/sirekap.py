"""The plan for real files: every Sirekap JSON under a folder, each pushed by the office it is about."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

import orjson

from contracts.identifiers import Lane, Tingkat
from contracts.pemilihan import JENIS_KONTES, KONTES
from contracts.reference.wilayah import wilayah_of
from deploy.demo.plan import Fate, Push, Script

_LANE: Final[Lane] = "hasil"
_TPS: Final = re.compile(r"\d{13}", re.ASCII)
_WILAYAH: Final = re.compile(r"\d{2}(?:\d{2}(?:\d{2}(?:\d{4})?)?)?", re.ASCII)
_PPWP: Final = "ppwp-2024"
_KONTES_OF_FOLDER: Final = {kontes.jenis.kode: kode for kode, kontes in KONTES.items()}
_BEFORE: Final = -1.0


class NoPlanError(RuntimeError):
    """There is nothing in the folder that could be fed, or more than one province."""


@dataclass(frozen=True, slots=True, order=True)
class File:
    """One result file; inside a ZIP archive it has a place of its own."""

    path: Path
    member: str
    """Place within the archive; empty for a plain file."""
    office: str
    nama: str
    kontes: str
    tps: str
    """The TPS it is about; empty for a recapitulation."""

    @property
    def place(self) -> str:
        """What tells the file from any other."""
        return f"{self.path}!{self.member}" if self.member else str(self.path)

    def read(self) -> bytes:
        """Return its content."""
        return _content(self.path, self.member)


class Files:
    """The script of one office: the TPS it needs in the register, then its files."""

    def __init__(self, files: list[File]) -> None:
        """Push ``files`` in their order."""
        self._files = files
        self._tps = sorted({(KONTES[file.kontes].pemilihan.kode, file.tps) for file in files if file.tps})

    def __len__(self) -> int:
        """Return how many pushes there are."""
        return len(self._tps) + len(self._files)

    def due(self, nth: int) -> float:
        """Return when a push is due: the files come one after the other, evenly."""
        known = len(self._tps)
        return _BEFORE if nth < known else (nth - known) / len(self._files)

    def push(self, nth: int) -> Push:
        """Return a push."""
        known = len(self._tps)
        if nth >= known:
            file = self._files[nth - known]
            return Push(file.read(), id=file.place, nama=file.nama, kontes=file.kontes)
        pemilihan, tps = self._tps[nth]
        identity = f"daftar-{pemilihan}-{tps}"
        line = {
            "specversion": "1.0",
            "id": identity,
            "type": "tps.recorded.v1",
            "data": {"pemilihan": pemilihan, "tps": tps},
        }
        return Push(orjson.dumps(line), Fate.ACCEPTED, identity)


@dataclass
class SirekapPlan:
    """What a folder of Sirekap files says."""

    folder: Path
    province: str
    files: list[File]
    others: list[str] = field(default_factory=list)
    """JSON files that are no result: lists of candidates and wilayah, boundaries."""
    elsewhere: list[str] = field(default_factory=list)
    """Result files of other provinces, when one was asked for."""

    @property
    def name(self) -> str:
        """What tells this plan from any other."""
        return f"DATA={self.folder} PROVINCE={self.province} with {len(self.files)} files"

    @cached_property
    def scripts(self) -> Mapping[tuple[str, Lane], Script]:
        """The script of every office that has files."""
        by_office: dict[str, list[File]] = {}
        for file in self.files:
            by_office.setdefault(file.office, []).append(file)
        return {(office, _LANE): Files(files) for office, files in sorted(by_office.items())}


def plan(folder: Path, province: str | None = None) -> SirekapPlan:
    """Return the plan for every Sirekap file under ``folder``, of ``province`` or of the only one there is.

    Raises:
        NoPlanError: no result file is found, none is of ``province``, or several provinces are mixed.
    """
    found: list[File] = []
    others: list[str] = []
    for path, member in sorted(_json_under(folder)):
        file = _result(path, member)
        if file is None:
            others.append(f"{path}!{member}" if member else str(path))
        else:
            found.append(file)
    provinces = sorted({file.office[: Tingkat.PROVINSI] for file in found})
    if not provinces:
        message = f"no Sirekap result file under {folder}: expected <13 digits>.json or pkwkp|pkwkk/…/<wilayah>.json"
        raise NoPlanError(message)
    if province is None and len(provinces) > 1:
        message = f"files of several provinces under {folder}: set PROVINCE= to one of {', '.join(provinces)}"
        raise NoPlanError(message)
    chosen = province or provinces[0]
    files = [file for file in found if file.office.startswith(chosen)]
    if not files:
        message = f"no file of province {chosen} under {folder}, only of {', '.join(provinces)}"
        raise NoPlanError(message)
    unknown = sorted({file.office for file in files} - set(wilayah_of(chosen).offices))
    if unknown:
        message = f"files of offices that province {chosen} does not have: {', '.join(unknown)}"
        raise NoPlanError(message)
    elsewhere = [file.place for file in found if not file.office.startswith(chosen)]
    return SirekapPlan(folder.resolve(), chosen, files, others, elsewhere)


def _json_under(folder: Path) -> Iterator[tuple[Path, str]]:
    paths = [folder] if folder.is_file() else folder.rglob("*")
    for path in paths:
        if path.suffix == ".json" and path.is_file():
            yield path, ""
        elif path.suffix == ".zip" and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                yield from ((path, member) for member in archive.namelist() if member.endswith(".json"))


def _result(path: Path, member: str) -> File | None:
    """Return the result that a file holds, by its name and the folders it lies in, or ``None`` when it is no result."""
    place = path / member if member else path
    nama, folders = place.stem, place.parts[:-1]
    kinds = [folder for folder in folders if folder in JENIS_KONTES]
    kontes = _KONTES_OF_FOLDER[kinds[-1]] if kinds else ""
    if _TPS.fullmatch(nama):
        return File(path, member, nama[: Tingkat.KABUPATEN], place.name, kontes or _PPWP, nama)
    if not kontes or not _WILAYAH.fullmatch(nama):
        return None
    try:
        content = orjson.loads(_content(path, member))
    except orjson.JSONDecodeError:
        return None
    if not isinstance(content, dict) or "tungsura" not in content:
        return None
    return File(path, member, nama[: Tingkat.KABUPATEN], place.name, kontes, "")


def _content(path: Path, member: str) -> bytes:
    if not member:
        return path.read_bytes()
    return _archive(path).read(member)


@lru_cache(maxsize=4)
def _archive(path: Path) -> zipfile.ZipFile:
    """Return an archive that stays open: its list of a thousand members is not read again for each of them."""
    return zipfile.ZipFile(path)
