"""What is usual among the TPS of a wilayah and which lie far from it: findings for people, never verdicts.

How each is computed and how it is to be read stands in docs/statistics.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import orjson
from pydantic import AwareDatetime, Field

from contracts.envelope import ClosedModel
from contracts.identifiers import TPS_LOKASI_KHUSUS_MIN, Tingkat
from services.gateway.core.figure import Count, Coverage, Figure, newest
from services.gateway.core.row import Row
from services.gateway.core.summarise.wilayah import tps_name

Ukuran = Literal["partisipasi", "tidak_sah", "unggulan"]
Uji = Literal["partisipasi", "tidak_sah", "unggulan", "ekstrem"]
Ambang = Mapping[str, float]

_CATATAN: Final = (
    "Temuan ini layak dilihat, bukan bukti kesalahan: lokasi khusus, PSU, basis dukungan, dan salah tulis satu angka "
    "tampak sama di sini. Bandingkan dengan foto C.Hasil sebelum bertanya kepada KPPS."
)
_NOTE: Final = (
    "These are worth a look and prove nothing: special locations, repeated polls, strongholds and one misread digit "
    "look alike here. Compare with the photograph of the form before asking anybody."
)
_MAD_TO_DEVIATION: Final = 1.4826
"""The standard deviation of a normal distribution over its MAD."""

_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "partisipasi": ("Pengguna hak pilih terhadap DPT", "Voters who came, over the DPT"),
    "tidak_sah": ("Suara tidak sah terhadap seluruh suara", "Invalid votes over all votes"),
    "unggulan": (
        "Suara calon teratas wilayah ini terhadap suara sah",
        "Votes of the candidate who leads there, over the valid ones",
    ),
}


class UkuranWilayah(ClosedModel):
    """What is usual for one share among the TPS of one wilayah."""

    wilayah: str
    nama: str
    ukuran: Annotated[
        Ukuran,
        Field(
            description="partisipasi: pengguna hak pilih over DPT; tidak_sah: invalid over all votes; unggulan: votes "
            "of the candidate who leads in this wilayah over valid votes."
        ),
    ]
    calon: Annotated[str | None, Field(description="Id of the candidate; null where it is nobody's share.")]
    nama_calon: str | None
    tps: Annotated[Count, Field(description="How many TPS are in it: those with enough voters or votes.")]
    kuartil_1: float
    median: float
    kuartil_3: float
    mad: Annotated[float, Field(description="Median of the distances from the median.")]
    batas_bawah: Annotated[float | None, Field(description="What is usual begins here; null where too few TPS say so.")]
    batas_atas: Annotated[float | None, Field(description="… and ends here; of a small TPS a little further out.")]


class Terlihat(ClosedModel):
    """What the form says."""

    pembilang: Count
    penyebut: Count
    pangsa: float


class Diharapkan(ClosedModel):
    """What was to be expected."""

    wilayah: Annotated[str, Field(description="It is compared with the TPS of this one.")]
    nama: str
    pusat: Annotated[float, Field(description="Median share; of ekstrem the share of all other TPS together.")]
    batas_bawah: float | None
    batas_atas: float | None


class Temuan(ClosedModel):
    """One TPS that is worth a look."""

    tps: str
    nama: str
    desa: str | None
    uji: Annotated[Uji, Field(description="ekstrem: one candidate has next to nothing or next to everything.")]
    calon: str | None
    nama_calon: str | None
    seen: Terlihat
    expected: Diharapkan
    skor: Annotated[float | None, Field(description="Modified z-score; null for ekstrem.")]
    peluang: Annotated[float | None, Field(description="Probability given all other TPS; null for all but ekstrem.")]
    lokasi_khusus: Annotated[bool, Field(description="TPS 901 and above: prisons, hospitals, plantations.")]
    jenis_kejadian: str | None
    pesan: Annotated[str, Field(description="In Bahasa Indonesia …")]
    message: Annotated[str, Field(description="… and in English.")]


class AngkaTerakhir(ClosedModel):
    """How often each last digit stands in the votes of candidates of a kabupaten."""

    kabupaten: str
    nama: str
    calon: Annotated[Count, Field(description="Candidates whose votes are many and spread enough for it.")]
    angka: Annotated[Count, Field(description="Size of the sample.")]
    digit: Annotated[list[Count], Field(min_length=10, max_length=10, description="How often 0 to 9 stand there.")]
    khi_kuadrat: Annotated[float, Field(description="Against all being as frequent; nine degrees of freedom.")]
    peluang: Annotated[float, Field(description="Of digits at least as uneven by chance.")]
    q: Annotated[float, Field(description="The same corrected for all kabupaten that are asked (Benjamini-Hochberg).")]
    kabupaten_diuji: Count
    layak_dilihat: bool
    pesan: Annotated[str, Field(description="In Bahasa Indonesia …")]
    message: Annotated[str, Field(description="… and in English.")]


class JumlahTemuan(ClosedModel):
    """How many TPS are named for one reason, shown here or not."""

    uji: Uji
    temuan: Count


class Statistik(ClosedModel):
    """The statistics of one kontes in one wilayah; only forms that count are in them."""

    kontes: str
    nama_kontes: str
    wilayah: str
    nama: str
    cakupan: Annotated[Figure, Field(description="TPS whose form counts now, of those that are registered.")]
    as_of: Annotated[AwareDatetime | None, Field(description="State of the forms that was computed from.")]
    dihitung: Annotated[AwareDatetime | None, Field(description="When the oldest part of this was computed.")]
    mutakhir: Annotated[bool, Field(description="Whether no form has changed since.")]
    ambang: Annotated[dict[str, float] | None, Field(description="Thresholds; null before anything was computed.")]
    catatan: Annotated[str, Field(description="How to read it, in Bahasa Indonesia …")]
    note: Annotated[str, Field(description="… and in English.")]
    ukuran: Annotated[list[UkuranWilayah], Field(description="Of the wilayah itself and of those in it.")]
    angka: list[AngkaTerakhir]
    jumlah_temuan: list[JumlahTemuan]
    temuan: Annotated[list[Temuan], Field(description="The furthest from what is usual first, as many as asked for.")]


@dataclass(frozen=True, slots=True)
class FoundStatistik:
    """Everything the store says about it, read in one snapshot."""

    own: Row
    kontes: Row
    rekap: Sequence[Row]
    computed: Sequence[Row]
    ukuran: Sequence[Row]
    temuan: Sequence[Row]
    jumlah: Sequence[Row]
    angka: Sequence[Row]
    calon: Sequence[Row]


def statistik_of(found: FoundStatistik) -> Statistik:
    """Return the answer about one kontes in one wilayah."""
    known: dict[str, str] = {row["id"]: row["nama"] for row in found.calon}
    # One deployment has one set of thresholds; while it changes, the one that was computed with first is shown.
    computed = [row for row in found.computed if row["dihitung"] is not None]
    ambang: dict[str, float] | None = orjson.loads(computed[0]["ambang"]) if computed else None
    return Statistik(
        kontes=found.kontes["kode"],
        nama_kontes=found.kontes["nama"],
        wilayah=found.own["kode"],
        nama=found.own["nama"],
        cakupan=_coverage_of(found.rekap),
        as_of=newest(row["as_of"] for row in computed),
        dihitung=min((row["dihitung"] for row in computed), default=None),
        mutakhir=all(row["mutakhir"] for row in found.computed),
        ambang=ambang,
        catatan=_CATATAN,
        note=_NOTE,
        ukuran=[_ukuran_of(row, known, ambang or {}) for row in found.ukuran],
        angka=[_angka_of(row, ambang or {}) for row in found.angka],
        jumlah_temuan=[JumlahTemuan(uji=row["uji"], temuan=row["temuan"]) for row in found.jumlah],
        temuan=[_temuan_of(row, known) for row in found.temuan],
    )


def _coverage_of(rekap: Sequence[Row]) -> Figure:
    if not rekap:
        return Coverage(reported=0, expected=0, as_of=None).figure(None)
    [row] = rekap
    return Coverage(
        reported=row["tps_masuk"],
        expected=row["terdaftar"],
        held=row["tps_ditahan"],
        conflict=row["tps_konflik"],
        as_of=row["as_of"],
    ).figure(row["tps_masuk"])


def _ukuran_of(row: Row, known: Mapping[str, str], ambang: Ambang) -> UkuranWilayah:
    reach = ambang.get("skor_maks", 0.0) * _MAD_TO_DEVIATION * row["mad"]
    is_enough = row["tps"] >= ambang.get("tps_min", 0)
    highest = float("inf") if row["ukuran"] == "partisipasi" else 1.0
    return UkuranWilayah(
        wilayah=row["wilayah"],
        nama=row["nama"],
        ukuran=row["ukuran"],
        calon=row["calon"] or None,
        nama_calon=known.get(row["calon"]),
        tps=row["tps"],
        kuartil_1=row["kuartil_1"],
        median=row["median"],
        kuartil_3=row["kuartil_3"],
        mad=row["mad"],
        batas_bawah=max(row["median"] - reach, 0.0) if is_enough else None,
        batas_atas=min(row["median"] + reach, highest) if is_enough else None,
    )


def _temuan_of(row: Row, known: Mapping[str, str]) -> Temuan:
    tps: str = row["tps"]
    pesan, message = _words_of(row, known.get(row["calon"]) or row["calon"])
    return Temuan(
        tps=tps,
        nama=tps_name(tps),
        desa=row["nama_desa"],
        uji=row["uji"],
        calon=row["calon"] or None,
        nama_calon=known.get(row["calon"]),
        seen=Terlihat(pembilang=row["pembilang"], penyebut=row["penyebut"], pangsa=row["pembilang"] / row["penyebut"]),
        expected=Diharapkan(
            wilayah=row["wilayah"],
            nama=row["nama_wilayah"],
            pusat=row["pusat"],
            batas_bawah=row["batas_bawah"],
            batas_atas=row["batas_atas"],
        ),
        skor=row["skor"],
        peluang=row["peluang"],
        lokasi_khusus=int(tps[Tingkat.DESA :]) >= TPS_LOKASI_KHUSUS_MIN,
        jenis_kejadian=row["jenis_kejadian"],
        pesan=pesan,
        message=message,
    )


def _words_of(row: Row, calon: str) -> tuple[str, str]:
    share, of = row["pembilang"] / row["penyebut"], f"{row['pembilang']}/{row['penyebut']}"
    place = row["nama_wilayah"]
    if row["uji"] == "ekstrem":
        pesan = (
            f"Calon {calon} memperoleh {_persen(share)} suara sah ({of}); di TPS lain di {place} bersama-sama "
            f"{_persen(row['pusat'])}."
        )
        message = (
            f"Candidate {calon} has {_percent(share)} of the valid votes ({of}); all other TPS in {place} together "
            f"gave {_percent(row['pusat'])}."
        )
    else:
        nama, name = _NAMES[row["uji"]]
        lowest, highest = row["batas_bawah"], row["batas_atas"]
        pesan = f"{nama}: {_persen(share)} ({of}); di {place} lazimnya {_persen(lowest)} sampai {_persen(highest)}."
        message = f"{name}: {_percent(share)} ({of}); usual in {place} is {_percent(lowest)} to {_percent(highest)}."
    return f"{pesan} Layak dilihat, bukan bukti kesalahan.", f"{message} Worth a look, no proof of anything."


def _angka_of(row: Row, ambang: Ambang) -> AngkaTerakhir:
    sample = sum(row["digit"])
    worth = row["q"] <= ambang.get("angka_q_maks", 0.0)
    if worth:
        pesan = (
            f"Angka terakhir dari {sample} perolehan suara tidak merata (q = {_angka(row['q'])}). Layak dilihat: bisa "
            "salah baca, pembulatan, atau sebab lain yang wajar; bukan bukti kesalahan."
        )
        message = (
            f"Last digits of {sample} vote counts are uneven (q = {row['q']:.2g}). Worth a look: misreading, rounding "
            "or another innocent cause may be behind it; no proof of anything."
        )
    else:
        pesan = f"Angka terakhir dari {sample} perolehan suara tersebar seperti biasa; itu pun bukan bukti kebenaran."
        message = f"Last digits of {sample} vote counts are spread as usual; that proves nothing either."
    return AngkaTerakhir(
        kabupaten=row["kabupaten"],
        nama=row["nama"],
        calon=row["calon"],
        angka=sample,
        digit=list(row["digit"]),
        khi_kuadrat=row["khi_kuadrat"],
        peluang=row["peluang"],
        q=row["q"],
        kabupaten_diuji=row["kabupaten_diuji"],
        layak_dilihat=worth,
        pesan=pesan,
        message=message,
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _persen(share: float) -> str:
    return _percent(share).replace(".", ",")


def _angka(value: float) -> str:
    return f"{value:.2g}".replace(".", ",")
