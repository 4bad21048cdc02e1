"""Pemilih: whoever would be older than anybody is, has probably died or been mistyped."""

from __future__ import annotations

from typing import Final

from contracts.personal import DataPribadi
from services.validator.core.case import Case
from services.validator.core.nik import birth_date
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule

_AGE_YEARS_MAX: Final = 110
# Years compare by their digits: nearly everybody is cleared without a date being made, on any poll before 2041.
_CERTAINLY_YOUNGER: Final = "1930"


@rule(
    DataPribadi,
    code="VTR-AGE-MAX",
    basis=Basis.SOURCE,
    source="DOMAIN.md 1.5",
    judul="Usia pemilih wajar",
    title="The age of a voter is possible",
    pesan="Pada hari pemungutan suara {where} pemilih berusia {seen}; biasanya {expected}. Periksa apakah masih hidup.",
    message="On polling day {where} the voter is {seen}, expected is {expected}: still alive?",
)
def age_is_possible(pribadi: DataPribadi, case: Case) -> Breaches:
    """At most 110 years old on polling day; asked of active voters."""
    if pribadi.tanggal_lahir > _CERTAINLY_YOUNGER or case.change.data.status != "aktif":
        return FINE
    birth, poll = birth_date(pribadi.tanggal_lahir), case.reference.pemilihan.hari
    if birth is None or (birth.year + _AGE_YEARS_MAX + 1, birth.month, birth.day) > (poll.year, poll.month, poll.day):
        return FINE
    # The year of birth itself stays sealed.
    return (Breach("/pribadi", f"lebih dari {_AGE_YEARS_MAX} tahun", f"paling tua {_AGE_YEARS_MAX}", poll.isoformat()),)
