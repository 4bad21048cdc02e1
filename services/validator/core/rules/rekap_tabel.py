"""D.Hasil: the total of a recapitulation is the sum of its own rows."""

from __future__ import annotations

from contracts.events import DHasilV1
from services.validator.core.case import Case
from services.validator.core.figures import sum_of, unequal
from services.validator.core.rule import FINE, Basis, Breaches, rule


@rule(
    DHasilV1,
    code="RUP-OWN-CHART",
    basis=Basis.FORM,
    source="D.HASIL: jumlah akhir = jumlah baris (DOMAIN.md 2.3)",
    judul="Jumlah rekapitulasi sama dengan barisnya sendiri",
    title="The total of a recapitulation is the sum of its rows",
    pesan="{where} tertulis {seen}, jumlah barisnya {expected}.",
    message="{where} is {seen}, its rows add up to {expected}.",
)
def total_is_the_sum_of_the_rows(hasil: DHasilV1, _: Case) -> Breaches:
    """For each option, the form's total equals the sum of the rows; asked when every row has been read."""
    own = hasil.perolehan_suara
    rows = [row.perolehan_suara for row in hasil.rincian.values()]
    if own is None or not rows or any(row is None for row in rows):
        return FINE
    return tuple(
        breach
        for calon, votes in own.items()
        for breach in unequal(
            f"/perolehan_suara/{calon}",
            votes,
            sum_of(row.get(calon) for row in rows if row is not None),
            f"Suara {calon}",
        )
    )
