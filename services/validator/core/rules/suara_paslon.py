"""C.Hasil: valid votes are exactly the votes the candidates share."""

from __future__ import annotations

from contracts.events import CHasilV1
from services.validator.core.case import Case
from services.validator.core.figures import unequal, votes_of
from services.validator.core.rule import Basis, Breaches, rule


@rule(
    CHasilV1,
    code="RES-SUM-PASLON",
    basis=Basis.FORM,
    source="C.HASIL V.A = jumlah IV",
    judul="Suara sah adalah jumlah perolehan suara",
    title="Valid votes are the sum of all votes for candidates",
    pesan="Suara sah tertulis {seen}, jumlah perolehan suara {expected}. Periksa bagian IV dan V.A.",
    message="Suara sah is {seen}, the votes add up to {expected}.",
)
def votes_add_up(hasil: CHasilV1, _: Case) -> Breaches:
    """Suara sah equals the sum of perolehan suara."""
    return unequal("/suara_sah", hasil.suara_sah, votes_of(hasil))
