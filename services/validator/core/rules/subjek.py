"""Every change: the subject names what the data are about."""

from __future__ import annotations

from contracts.envelope import ClosedModel
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
from contracts.identifiers import (
    c_hasil_subject,
    d_hasil_subject,
    jadwal_subject,
    keputusan_subject,
    parse_subject,
    pemilih_subject,
    rekap_pdpb_subject,
    tps_subject,
)
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    CHasilV1,
    DHasilV1,
    JadwalV1,
    KeputusanV1,
    PemilihV1,
    RekapPdpbV1,
    RetractedV1,
    TpsV1,
    code="AUT-SUBJECT",
    basis=Basis.SOURCE,
    source="contracts/identifiers.py",
    judul="Subjek sesuai isi",
    title="The subject agrees with the data",
    pesan="Subjek {seen} tidak sesuai dengan isinya; seharusnya {expected}.",
    message="The subject {seen} does not agree with the data, which are about {expected}.",
)
def subject_is_what_the_data_say(data: ClosedModel, case: Case) -> Breaches:
    """Subject, event type and data name one and the same record."""
    subject = case.change.subject
    match data:
        case PemilihV1():
            about = pemilih_subject(data.desa[:4], data.nik_token)
        case CHasilV1():
            about = c_hasil_subject(data.kontes, data.tps)
        case DHasilV1():
            about = d_hasil_subject(data.kontes, data.jalur, data.wilayah)
        case TpsV1():
            about = tps_subject(data.pemilihan, data.tps)
        case RekapPdpbV1():
            about = rekap_pdpb_subject(data.periode, data.wilayah)
        case JadwalV1():
            about = jadwal_subject(data.tahap, data.kantor)
        case KeputusanV1():
            about = keputusan_subject(case.place.office, data.sasaran)
        case _:
            # A retraction says nothing about the record but its subject, which must be one of its kind.
            named = parse_subject(subject)
            if named is not None and named.noun == case.kind.noun:
                return FINE
            about = f"{case.kind.noun}/…"
    return FINE if subject == about else (Breach("", subject, about),)
