"""Builders of what the province exchanges: valid by default, so that a test names only what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import cache
from math import ceil
from typing import Any, Final

import orjson
from aiokafka import ConsumerRecord

from contracts import codec
from contracts.batch import BatchHeader, LineFindings, headers_of
from contracts.envelope import EVENT_TYPES, Change, ClosedModel
from contracts.events import (
    CHasilV1,
    DHasilV1,
    JadwalV1,
    KeputusanV1,
    PemilihV1,
    RekapPdpbV1,
    RetractedV1,
    TpsV1,
)
from contracts.events.d_hasil_v1 import BarisRekapV1
from contracts.events.jadwal_v1 import MasaV1
from contracts.events.pemilih_v1 import MatchTokensV1
from contracts.identifiers import (
    Lane,
    Tingkat,
    c_hasil_subject,
    d_hasil_subject,
    jadwal_subject,
    keputusan_subject,
    pemilih_subject,
    rekap_pdpb_subject,
    source_of,
    tps_subject,
)
from contracts.objection import Objection
from contracts.pemilihan import KONTES
from contracts.personal import DataPribadi, PersonalKeys
from contracts.progress import Heartbeat, Merged
from contracts.reference.calon import DaftarCalon, semua_calon
from contracts.reference.wilayah import DaftarWilayah, wilayah_of
from contracts.submission import PRIBADI_FIELDS, PemilihSubmissionV1
from contracts.verdict import Finding, Tier

PROVINCE: Final = "32"
OFFICE: Final = "3279"
"""KPU Kota Banjar, the smallest of the province."""
TPS: Final = "3279011001001"
"""The first TPS of desa Banjar."""
KONTES_GUBERNUR: Final = "pkwkp-2024"
PILKADA: Final = "pilkada-2024"
MOMENT: Final = "2024-11-27T13:30:00.000Z"
"""Half past eight in the evening in Jawa Barat, on the day of the poll."""

KEYS: Final = PersonalKeys(key_id="uji1", seal_key=bytes(range(32)), token_key=bytes(range(32, 64)))
"""Keys for tests; every PersonalKeys made of these bytes opens what another has sealed."""

_DPT_L: Final = 160
_DPT_P: Final = 165
_SUARA_TIDAK_SAH: Final = 6
_PINDAHAN: Final = 4
_KHUSUS: Final = 2
_DISABILITAS: Final = 2
_KELAS_LAHIR_YEARS: Final = 5
_DAY_OFFSET_P: Final = 40
"""A NIK carries the day of birth, for a woman with 40 added (DOMAIN.md 1.4)."""


# Records -----------------------------------------------------------------------------------------------------


def a_tps(tps: str = TPS, *, pemilihan: str = PILKADA, **fields: Any) -> TpsV1:
    """Return a TPS as its office registers it."""
    return TpsV1(**{"pemilihan": pemilihan, "tps": tps, "dpt_l": _DPT_L, "dpt_p": _DPT_P, **fields})


def a_c_hasil(
    tps: str = TPS, *, kontes: str = KONTES_GUBERNUR, perolehan_suara: Mapping[str, int] | None = None, **boxes: Any
) -> CHasilV1:
    """Return a form on which every sum is right, whatever votes it is given; ``boxes`` are then written over."""
    votes = dict(perolehan_suara) if perolehan_suara is not None else some_votes(kontes, tps)
    sah = sum(votes.values())
    total = sah + _SUARA_TIDAK_SAH
    dpt_used = max(0, total - _PINDAHAN - _KHUSUS)
    pindahan = min(_PINDAHAN, total - dpt_used)
    khusus = total - dpt_used - pindahan
    used_l, used_p = _halves(dpt_used)
    dpt_l, dpt_p = max(_DPT_L, used_l), max(_DPT_P, used_p)
    reserve = ceil(KONTES[kontes].pemilihan.cadangan * Fraction(dpt_l + dpt_p))
    columns = {
        "pemilih_dpt": (dpt_l, dpt_p),
        "pengguna_dpt": (used_l, used_p),
        "pengguna_dptb": _halves(pindahan),
        "pengguna_dpk": _halves(khusus),
        "disabilitas": _halves(min(_DISABILITAS, dpt_used)),
    }
    columns["pengguna_total"] = (
        sum(columns[f"pengguna_{row}"][0] for row in ("dpt", "dptb", "dpk")),
        sum(columns[f"pengguna_{row}"][1] for row in ("dpt", "dptb", "dpk")),
    )
    figures = {
        f"{name}_{column}": figure
        for name, (men, women) in columns.items()
        for column, figure in (("l", men), ("p", women), ("j", men + women))
    }
    form = {
        "kontes": kontes,
        "tps": tps,
        **figures,
        "ss_diterima": dpt_l + dpt_p + reserve,
        "ss_digunakan": total,
        "ss_rusak": 0,
        "ss_sisa": dpt_l + dpt_p + reserve - total,
        "perolehan_suara": votes,
        "suara_sah": sah,
        "suara_tidak_sah": _SUARA_TIDAK_SAH,
        "suara_total": total,
    }
    return CHasilV1(**{**form, **boxes})


def a_d_hasil(
    wilayah: str = "327901", *, kontes: str = KONTES_GUBERNUR, jalur: str = "rekap", **fields: Any
) -> DHasilV1:
    """Return a recapitulation with a row for every child of ``wilayah``, each with the same votes."""
    children = children_of(wilayah)
    votes = some_votes(kontes, wilayah)
    row = BarisRekapV1(perolehan_suara=dict(votes), tps_masuk=1, tps_total=1)
    total = {calon: suara * len(children) for calon, suara in votes.items()}
    sah = sum(total.values())
    form = {
        "kontes": kontes,
        "jalur": jalur,
        "wilayah": wilayah,
        "perolehan_suara": total,
        "tps_masuk": len(children),
        "tps_total": len(children),
        "suara_sah": sah,
        "suara_tidak_sah": _SUARA_TIDAK_SAH,
        "suara_total": sah + _SUARA_TIDAK_SAH,
        "rincian": dict.fromkeys(children, row),
    }
    return DHasilV1(**{**form, **fields})


def a_nik(
    serial: int = 1, *, lahir: date = date(1990, 4, 15), jenis_kelamin: str = "P", kecamatan: str = "327901"
) -> str:
    """Return the NIK of somebody born on that day and first registered in that kecamatan."""
    day = lahir.day + (_DAY_OFFSET_P if jenis_kelamin == "P" else 0)
    return f"{kecamatan}{day:02}{lahir:%m%y}{serial:04}"


def a_pemilih_submission(serial: int = 1, **fields: Any) -> PemilihSubmissionV1:
    """Return a voter in clear, as the office sends her; another ``serial`` is another person."""
    lahir = date.fromisoformat(fields.get("tanggal_lahir", "1990-04-15"))
    jenis_kelamin = fields.get("jenis_kelamin", "P")
    person = {
        "nik": a_nik(serial, lahir=lahir, jenis_kelamin=jenis_kelamin),
        "nkk": f"327901{'010115'}{serial:04}",
        "nama": f"SITI AMINAH {_letters(serial)}",
        "tempat_lahir": "BANJAR",
        "tanggal_lahir": lahir.isoformat(),
        "status_kawin": "S",
        "alamat": "JL. LETJEN SUWARTO",
        "rt": "003",
        "rw": "007",
        "ktp_el": "S",
        "jenis_kelamin": jenis_kelamin,
        "disabilitas": "0",
        "desa": TPS[:10],
        "tps": TPS[10:],
    }
    return PemilihSubmissionV1(**{**person, **fields})


def a_pemilih(
    submission: PemilihSubmissionV1 | None = None,
    *,
    office: str | None = None,
    keys: PersonalKeys = KEYS,
    **fields: Any,
) -> PemilihV1:
    """Return the same voter as ingest passes her on: sealed, with tokens."""
    sent = submission or a_pemilih_submission()
    pribadi = DataPribadi(**{name: getattr(sent, name) for name in PRIBADI_FIELDS})
    token = keys.nik_token(sent.nik)
    k1, k2, k3, k4 = keys.match_tokens(pribadi, jenis_kelamin=sent.jenis_kelamin, disabilitas=sent.disabilitas)
    year = date.fromisoformat(sent.tanggal_lahir).year
    entry = {
        **sent.model_dump(exclude=set(PRIBADI_FIELDS), exclude_none=True),
        "kelas_lahir": year - year % _KELAS_LAHIR_YEARS,
        "nik_token": token,
        "match": MatchTokensV1(k1=k1, k2=k2, k3=k3, k4=k4),
        "pribadi": keys.seal(
            pemilih_subject(office or sent.desa[:4], token), pribadi.model_dump_json(exclude_none=True).encode()
        ),
    }
    return PemilihV1(**{**entry, **fields})


def a_rekap_pdpb(wilayah: str = "327901", **fields: Any) -> RekapPdpbV1:
    """Return a PDPB recapitulation of a kecamatan in which all sums are right."""
    return RekapPdpbV1(
        **{
            "periode": "pdpb-2025-tw4",
            "wilayah": wilayah,
            "basis": "dpt",
            "awal": 1000,
            "baru": 40,
            "tms": 15,
            "perbaikan": 7,
            "akhir": 1025,
            "pemilih_l": 500,
            "pemilih_p": 525,
            "pemilih_j": 1025,
            **fields,
        }
    )


def a_jadwal(kantor: str = OFFICE, **fields: Any) -> JadwalV1:
    """Return the calendar of a tahap that is open without an end."""
    return JadwalV1(
        **{
            "tahap": "pdpb-2025-tw4",
            "kantor": kantor,
            "lajur": "pemilih",
            "masa": [MasaV1(mulai=datetime(2025, 10, 1, tzinfo=UTC))],
            "alasan": "dibuka sesuai jadwal",
            "jabatan": "Kepala Bagian Data",
            **fields,
        }
    )


def a_keputusan(sasaran: str, **fields: Any) -> KeputusanV1:
    """Return the decision that releases the version with the digest ``sasaran``."""
    return KeputusanV1(
        **{
            "tentang": "versi",
            "kantor": OFFICE,
            "lajur": "hasil",
            "sasaran": sasaran,
            "putusan": "dilepas",
            "alasan": "sesuai foto C.Hasil",
            "jabatan": "Anggota KPU Provinsi",
            **fields,
        }
    )


def a_retraction(**fields: Any) -> RetractedV1:
    """Return the content of a retraction."""
    return RetractedV1(**{"alasan": "salah unggah", "dokumen": "BA-17/PPK/2024", "jabatan": "Ketua PPK", **fields})


# Changes -----------------------------------------------------------------------------------------------------


def subject_of(about: ClosedModel, office: str = OFFICE) -> str:  # noqa: PLR0911  # one for each noun
    """Return the subject of the record that ``about`` is the content of."""
    match about:
        case TpsV1():
            return tps_subject(about.pemilihan, about.tps)
        case CHasilV1():
            return c_hasil_subject(about.kontes, about.tps)
        case DHasilV1():
            return d_hasil_subject(about.kontes, about.jalur, about.wilayah)
        case PemilihV1():
            return pemilih_subject(about.desa[:4], about.nik_token)
        case RekapPdpbV1():
            return rekap_pdpb_subject(about.periode, about.wilayah)
        case JadwalV1():
            return jadwal_subject(about.tahap, about.kantor)
        case KeputusanV1():
            return keputusan_subject(office, about.sasaran)
        case _:
            return c_hasil_subject(KONTES_GUBERNUR, f"{office}{TPS[4:]}")


def type_of(about: ClosedModel, subject: str) -> str:
    """Return the event type that says ``about`` of ``subject``."""
    noun = subject.partition("/")[0]
    fitting = [kind.name for kind in EVENT_TYPES if kind.data is type(about) and kind.noun == noun]
    assert len(fitting) == 1, f"{type(about).__name__} about {subject} fits {fitting}"
    return fitting[0]


def a_line(  # noqa: PLR0913  # an event has that many attributes
    about: ClosedModel | None = None,
    *,
    source: str = OFFICE,
    type: str | None = None,  # noqa: A002  # the attribute's name
    subject: str | None = None,
    id: str | None = None,  # noqa: A002  # likewise
    epoch: int = 1,
    revision: int = 1,
    sequence: int = 1,
    base: str | None = None,
    time: str = MOMENT,
    recordedtime: str = MOMENT,
    digest: str | None = None,
    data: bytes | None = None,
) -> bytes:
    """Return the canonical line in which the office ``source`` says ``about``; ``data`` replaces its content."""
    content = about if about is not None else a_c_hasil()
    named = subject or subject_of(content, source)
    kind = type or type_of(content, named)
    body = data if data is not None else codec.canonical_data(content.model_dump(mode="json", exclude_unset=True))
    return codec.line_of(
        id=id or f"uji-{source}-{epoch}-{sequence}",
        source=source_of(source),
        type=kind,
        subject=named,
        time=time,
        recordedtime=recordedtime,
        epoch=epoch,
        revision=revision,
        sequence=sequence,
        base=base,
        digest=digest or codec.digest_of(kind, body),
        data=body,
    )


def a_change(about: ClosedModel | None = None, **attributes: Any) -> Change[Any]:
    """Return the change that :func:`a_line` writes."""
    change = codec.decode(a_line(about, **attributes))
    assert isinstance(change, Change), f"the builder made something undecodable: {change}"
    return change


def a_submission(about: ClosedModel | None = None, **attributes: Any) -> dict[str, Any]:
    """Return the event as an office sends it: ``about`` a record, a voter in clear, or a retraction."""
    content = about if about is not None else a_c_hasil()
    if isinstance(content, PemilihSubmissionV1):
        kind = "pemilih.recorded.v1"
    else:
        kind = type_of(content, attributes.get("subject") or subject_of(content))
    data = content.model_dump(mode="json", exclude_unset=True)
    return {"specversion": "1.0", "type": kind, **attributes, "data": data}


def ndjson(events: Iterable[Mapping[str, Any]]) -> bytes:
    """Return events as the body of a request, one on each line."""
    return b"".join(orjson.dumps(event) + b"\n" for event in events)


# Records of Kafka --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Batch:
    """The value and headers of one Kafka record."""

    value: bytes
    headers: dict[str, str]


def a_batch(  # noqa: PLR0913  # a header has that many fields
    lines: Sequence[bytes] | None = None,
    *,
    office: str = OFFICE,
    lane: Lane = "hasil",
    epoch: int = 1,
    first: int = 1,
    last: int | None = None,
    findings: Sequence[LineFindings] = (),
) -> Batch:
    """Return the record that carries ``lines``; the stretch it covers ends with the last of them."""
    carried = [a_line()] if lines is None else list(lines)
    header = BatchHeader(
        office=office,
        lane=lane,
        epoch=epoch,
        first=first,
        last=last if last is not None else first + len(carried) - 1,
        count=len(carried),
    )
    return Batch(b"\n".join(carried), headers_of(header, findings))


def a_record(
    batch: Batch | None = None, *, topic: str = "accepted-hasil", partition: int = 0, offset: int = 0, key: str = OFFICE
) -> ConsumerRecord[bytes, bytes]:
    """Return ``batch`` as a consumer is given it."""
    carried = batch or a_batch()
    return ConsumerRecord(
        topic=topic,
        partition=partition,
        offset=offset,
        timestamp=0,
        timestamp_type=0,
        key=key.encode(),
        value=carried.value,
        checksum=None,
        serialized_key_size=len(key),
        serialized_value_size=len(carried.value),
        headers=tuple((name, value.encode()) for name, value in carried.headers.items()),
    )


# What services tell one another --------------------------------------------------------------------------------


def a_finding(code: str = "RES-SUM-PASLON", tier: Tier = Tier.HOLD, **fields: Any) -> Finding:
    """Return what a rule found."""
    said = {
        "pointer": "/suara_sah",
        "seen": "202",
        "expected": "249",
        "pesan": "Suara sah tertulis 202, jumlah perolehan 249.",
        "message": "Suara sah is 202, the votes add up to 249.",
    }
    return Finding(**{"code": code, "tier": tier, **said, **fields})


def an_objection(verdict: str = "rejected", *, sequence: int = 1, **fields: Any) -> Objection:
    """Return what the validator tells an office about one change."""
    about = {
        "office": OFFICE,
        "lane": "hasil",
        "epoch": 1,
        "id": f"uji-{OFFICE}-1-{sequence}",
        "type": "c_hasil.recorded.v1",
        "subject": c_hasil_subject(KONTES_GUBERNUR, TPS),
        "findings": [a_finding(tier=Tier.HOLD if verdict == "held" else Tier.REJECT)],
    }
    return Objection(**{"verdict": verdict, "sequence": sequence, **about, **fields})


def a_heartbeat(stamped: int = 1, published: int | None = None, **fields: Any) -> Heartbeat:
    """Return what ingest says of itself; what it stamped it has published."""
    moment = datetime(2024, 11, 27, 13, 30, tzinfo=UTC)
    said = {"office": OFFICE, "lane": "hasil", "epoch": 1, "recorded_time": moment, "sent_time": moment}
    reached = stamped if published is None else published
    return Heartbeat(**{"stamped": stamped, "published": reached, **said, **fields})


def a_merged(through: int = 1, **fields: Any) -> Merged:
    """Return what sync says of one office and lane."""
    moment = datetime(2024, 11, 27, 13, 30, 1, tzinfo=UTC)
    said = {"office": OFFICE, "lane": "hasil", "epoch": 1, "held": 0, "rejected": 0, "merged_time": moment}
    return Merged(**{"through": through, **said, **fields})


# Reference -----------------------------------------------------------------------------------------------------


def some_votes(kontes: str, wilayah: str) -> dict[str, int]:
    """Return votes for every option on the ballot of ``wilayah``."""
    options = _calon().for_(KONTES[kontes], wilayah)
    assert options, f"nobody stands in {kontes} at {wilayah}"
    return {calon.id: 40 + 10 * nth for nth, calon in enumerate(options)}


def children_of(wilayah: str) -> list[str]:
    """Return the codes directly below ``wilayah``, in order."""
    daftar = _daftar_wilayah(wilayah[:2])
    levels = sorted({len(kode) for kode in daftar.by_kode if len(kode) > len(wilayah)})
    return [kode for kode in daftar.at(Tingkat(levels[0])) if kode.startswith(wilayah)] if levels else []


@cache
def _calon() -> DaftarCalon:
    return semua_calon()


@cache
def _daftar_wilayah(provinsi: str) -> DaftarWilayah:
    return wilayah_of(provinsi)


def _halves(total: int) -> tuple[int, int]:
    """Split ``total`` into men and women."""
    return total // 2, total - total // 2


def _letters(number: int) -> str:
    """Return a number as letters: a name holds no digits."""
    return "".join(chr(ord("A") + int(digit)) for digit in str(number))
