"""Every change: it travels on the lane of its kind, so that results never queue behind voters."""

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
    code="AUT-LANE",
    basis=Basis.SOURCE,
    source="DESIGN.md 2",
    judul="Jenis data sesuai lajurnya",
    title="The change travels on its lane",
    pesan="{where} masuk lewat lajur {seen}, seharusnya {expected}.",
    message="{where} came on lane {seen} instead of {expected}.",
)
def lane_is_the_kinds_own(_: ClosedModel, case: Case) -> Breaches:
    """Ask whether the event type belongs to the lane of the topic."""
    if case.kind.lane == case.place.lane:
        return FINE
    return (Breach("", case.place.lane, case.kind.lane, case.kind.name),)
