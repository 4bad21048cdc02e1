"""Every change: an office changes only its own records."""

from __future__ import annotations

from contracts.envelope import ClosedModel
from contracts.events import CHasilV1, DHasilV1, PemilihV1, RetractedV1, TpsV1
from contracts.identifiers import parse_subject
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    CHasilV1,
    DHasilV1,
    PemilihV1,
    RetractedV1,
    TpsV1,
    code="AUT-OWNER",
    basis=Basis.SOURCE,
    source="invariant I9",
    judul="Kantor hanya mengubah datanya sendiri",
    title="An office changes only its own records",
    pesan="Data ini milik {seen}; kantor {expected} tidak berwenang mengubahnya.",
    message="The record belongs to {seen}; {expected} may not change it.",
)
def office_owns_the_record(_: ClosedModel, case: Case) -> Breaches:
    """The office in the subject is the sender; the provincial office owns the recapitulation of the province alone."""
    subject = parse_subject(case.change.subject)
    if subject is not None and subject.office == case.place.office:
        return FINE
    return (Breach("", "no office" if subject is None else subject.office, case.place.office),)
