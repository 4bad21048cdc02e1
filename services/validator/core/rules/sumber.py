"""Every change: it is said by the office whose topic it came on."""

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
from contracts.identifiers import source_of
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
    code="AUT-SOURCE",
    basis=Basis.SOURCE,
    source="invariant I9",
    judul="Pengirim adalah kantor pemilik jalur",
    title="The sender is the office of the topic",
    pesan="Data mengatasnamakan {seen}, padahal masuk lewat jalur {expected}.",
    message="The change speaks for {seen}, but came on the topic of {expected}.",
)
def source_is_the_sender(_: ClosedModel, case: Case) -> Breaches:
    """Ask whether the source is the office that the topic belongs to."""
    if case.change.source == source_of(case.place.office):
        return FINE
    return (Breach("", case.change.source, source_of(case.place.office)),)
