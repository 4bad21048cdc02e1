"""Every change: an office changes only its own records."""

from __future__ import annotations

from typing import Final

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
from contracts.identifiers import Tingkat, parse_subject
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule

# A plain number: an enum in a slice costs as much as the rest of this rule.
_KABUPATEN_DIGITS: Final = Tingkat.KABUPATEN.value
# The calendar of an office is the province's, and a decision belongs to whoever made it.
_BY_PROVINCE_OR_DECIDER: Final = frozenset({"jadwal", "keputusan"})


@rule(
    CHasilV1,
    DHasilV1,
    JadwalV1,
    KeputusanV1,
    PemilihV1,
    RekapPdpbV1,
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
def office_owns_the_record(_data: ClosedModel, case: Case) -> Breaches:
    """Compare the office in the subject with the sender; the province owns its own recapitulation alone."""
    noun, _, rest = case.change.subject.partition("/")
    # Whether it is a subject at all is AUT-SUBJECT's question; here it is enough to know whose it would be.
    if noun == "pemilih":
        owner = rest[:_KABUPATEN_DIGITS]
    elif noun in _BY_PROVINCE_OR_DECIDER:
        parsed = parse_subject(case.change.subject)
        owner = "" if parsed is None else parsed.office
    else:
        owner = rest.rpartition("/")[2][:_KABUPATEN_DIGITS]
    if owner == case.place.office:
        return FINE
    return (Breach("", owner or "no office", case.place.office),)
