"""One wilayah: its figures in every kontes, its voters, and those of everything directly in it.

The provinsi has no stored row: its figures are the sums of its kabupaten, taken from the same snapshot
as these, so that a parent is always the exact sum of the children shown beside it (invariant I10).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, Field

from contracts.envelope import ClosedModel
from contracts.identifiers import Tingkat
from services.gateway.core.figure import Coverage, Figure, newest
from services.gateway.core.row import Row
from services.gateway.core.summarise.d_hasil import DHasil, d_hasil_of
from services.gateway.core.summarise.form import coverage_of
from services.gateway.core.summarise.perolehan import PerolehanSuara, perolehan_of

Level = Literal["provinsi", "kabupaten", "kecamatan", "desa", "tps"]

_LEVELS: Final[Mapping[int, Level]] = {
    Tingkat.PROVINSI: "provinsi",
    Tingkat.KABUPATEN: "kabupaten",
    Tingkat.KECAMATAN: "kecamatan",
    Tingkat.DESA: "desa",
    Tingkat.TPS: "tps",
}


class WilayahName(ClosedModel):
    """A wilayah by name."""

    kode: str
    nama: str
    tingkat: Level


class KontesFigures(ClosedModel):
    """One kontes in one wilayah."""

    kode: str
    nama: str
    pemilihan: str
    hari: date
    perolehan_suara: Annotated[
        list[PerolehanSuara] | None,
        Field(description="By nomor urut; null where the wilayah spans several lists of candidates."),
    ]
    suara_sah: Figure
    suara_tidak_sah: Figure
    suara_total: Figure
    pemilih_dpt: Figure
    pengguna_total: Figure
    d_hasil: list[DHasil]


class PemilihFigures(ClosedModel):
    """How many voters stand in the list; counts only."""

    aktif_l: Figure
    aktif_p: Figure
    aktif: Figure
    tms: Figure
    ditangguhkan: Figure


class KontesOfChild(ClosedModel):
    """The main figures of one kontes in one child."""

    kode: str
    suara_sah: Figure
    suara_tidak_sah: Figure
    suara_total: Figure


class Child(ClosedModel):
    """What lies directly in a wilayah: another wilayah, or in a desa its TPS."""

    kode: str
    nama: str
    tingkat: Level
    lintang: float | None
    bujur: float | None
    pemilihan: Annotated[
        str | None, Field(description="Of a TPS: its number names another place in the next pemilihan.")
    ]
    kontes: list[KontesOfChild]
    pemilih_aktif: Annotated[Figure | None, Field(description="Null for a TPS.")]


class WilayahDetail(ClosedModel):
    """One wilayah; all figures in it are of one snapshot."""

    kode: str
    nama: str
    tingkat: Level
    lintang: float | None
    bujur: float | None
    as_of: Annotated[AwareDatetime | None, Field(description="When anything in this answer last changed.")]
    induk: Annotated[list[WilayahName], Field(description="What contains it, from the provinsi down.")]
    kontes: list[KontesFigures]
    pemilih: PemilihFigures
    anak: list[Child]


@dataclass(frozen=True, slots=True)
class Found:
    """Everything the store says of one wilayah, read in one snapshot."""

    path: Sequence[Row]
    """From the provinsi down to the wilayah itself."""
    children: Sequence[Row]
    kontes: Sequence[Row]
    calon: Sequence[Row]
    rekap: Sequence[Row]
    """Of the wilayah and each of its children, in each kontes."""
    suara: Sequence[Row]
    pemilih: Sequence[Row]
    """Of the wilayah and each of its children."""
    d_hasil: Sequence[Row]
    tps: Sequence[Row]
    """Of a desa: each TPS in each kontes."""


def parts_of(kode: str, children: Iterable[str]) -> list[str]:
    """Return the wilayah whose stored sums make up those of ``kode``: its kabupaten, or only itself."""
    return list(children) if len(kode) == Tingkat.PROVINSI else [kode]


def wilayah_of(found: Found) -> WilayahDetail:
    """Return the answer about one wilayah."""
    own = found.path[-1]
    kode: str = own["kode"]
    rekap = {(row["wilayah"], row["kontes"]): row for row in found.rekap}
    pemilih = {row["wilayah"]: row for row in found.pemilih}
    if len(kode) == Tingkat.DESA:
        anak = _tps_children(found.tps)
    else:
        anak = [_child(row, found.kontes, rekap, pemilih.get(row["kode"])) for row in found.children]
    return WilayahDetail(
        kode=kode,
        nama=own["nama"],
        tingkat=_LEVELS[len(kode)],
        lintang=own["lintang"],
        bujur=own["bujur"],
        as_of=newest(row["as_of"] for rows in (found.rekap, found.pemilih, found.d_hasil, found.tps) for row in rows),
        induk=names_of(found.path[:-1]),
        kontes=[_kontes(kode, row, rekap.get((kode, row["kode"])), found) for row in found.kontes],
        pemilih=_pemilih(pemilih.get(kode)),
        anak=anak,
    )


def names_of(path: Iterable[Row]) -> list[WilayahName]:
    """Return the names of wilayah."""
    return [WilayahName(kode=row["kode"], nama=row["nama"], tingkat=_LEVELS[len(row["kode"])]) for row in path]


def tps_name(tps: str) -> str:
    """Return what people call a TPS within its desa, as in ``TPS 007``."""
    return f"TPS {tps[Tingkat.DESA :]}"


def _kontes(kode: str, kontes: Row, rekap: Row | None, found: Found) -> KontesFigures:
    coverage = _rekap_coverage(rekap)
    suara = {row["calon"]: row["suara"] for row in found.suara if row["kontes"] == kontes["kode"]}
    calon = [row for row in found.calon if row["kontes"] == kontes["kode"]]
    one_list = len(kode) >= kontes["tingkat_calon"]

    def figure(column: str) -> Figure:
        return coverage.figure(None if rekap is None else rekap[column])

    return KontesFigures(
        kode=kontes["kode"],
        nama=kontes["nama"],
        pemilihan=kontes["pemilihan"],
        hari=kontes["hari"],
        perolehan_suara=perolehan_of(calon, suara, coverage.figure) if one_list else None,
        suara_sah=figure("suara_sah"),
        suara_tidak_sah=figure("suara_tidak_sah"),
        suara_total=figure("suara_total"),
        pemilih_dpt=figure("pemilih_dpt"),
        pengguna_total=figure("pengguna_total"),
        d_hasil=[d_hasil_of(row, calon) for row in found.d_hasil if row["kontes"] == kontes["kode"]],
    )


def _rekap_coverage(row: Row | None) -> Coverage:
    if row is None:
        return Coverage(reported=0, expected=0, as_of=None)
    return Coverage(
        reported=row["tps_masuk"],
        expected=row["terdaftar"],
        held=row["tps_ditahan"],
        conflict=row["tps_konflik"],
        as_of=row["as_of"],
    )


def _child(child: Row, kontes: Iterable[Row], rekap: Mapping[tuple[str, str], Row], pemilih: Row | None) -> Child:
    kode: str = child["kode"]
    return Child(
        kode=kode,
        nama=child["nama"],
        tingkat=_LEVELS[len(kode)],
        lintang=child["lintang"],
        bujur=child["bujur"],
        pemilihan=None,
        kontes=[
            _kontes_of_child(row["kontes"], _rekap_coverage(row), row)
            for one in kontes
            if (row := rekap.get((kode, one["kode"]))) is not None
        ],
        pemilih_aktif=_pemilih(pemilih).aktif,
    )


def _tps_children(rows: Iterable[Row]) -> list[Child]:
    """Return the TPS of a desa, from one row for each of them in each kontes."""
    kontes: dict[tuple[str, str], list[KontesOfChild]] = {}
    for row in rows:
        coverage = coverage_of(row, registered=row["terdaftar"])
        kontes.setdefault((row["tps"], row["pemilihan"]), []).append(_kontes_of_child(row["kontes"], coverage, row))
    return [
        Child(
            kode=tps,
            nama=tps_name(tps),
            tingkat="tps",
            lintang=None,
            bujur=None,
            pemilihan=pemilihan,
            kontes=of_tps,
            pemilih_aktif=None,
        )
        for (tps, pemilihan), of_tps in kontes.items()
    ]


def _kontes_of_child(kontes: str, coverage: Coverage, row: Row) -> KontesOfChild:
    return KontesOfChild(
        kode=kontes,
        suara_sah=coverage.figure(row["suara_sah"]),
        suara_tidak_sah=coverage.figure(row["suara_tidak_sah"]),
        suara_total=coverage.figure(row["suara_total"]),
    )


def _pemilih(row: Row | None) -> PemilihFigures:
    """Return the voters of a wilayah; how many there will be in the end nobody knows, so nothing is expected."""
    if row is None:
        nothing = Coverage(reported=0, expected=None, as_of=None).figure(None)
        return PemilihFigures(aktif_l=nothing, aktif_p=nothing, aktif=nothing, tms=nothing, ditangguhkan=nothing)
    coverage = Coverage(
        reported=row["tercatat"], expected=None, held=row["ditahan"], conflict=row["konflik"], as_of=row["as_of"]
    )
    return PemilihFigures(
        aktif_l=coverage.figure(row["aktif_l"]),
        aktif_p=coverage.figure(row["aktif_p"]),
        aktif=coverage.figure(row["aktif"]),
        tms=coverage.figure(row["tms"]),
        ditangguhkan=coverage.figure(row["ditangguhkan"]),
    )
