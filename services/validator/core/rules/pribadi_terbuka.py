"""Pemilih: the sealed block opens for this voter."""

from __future__ import annotations

from contracts.events import PemilihV1
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    PemilihV1,
    code="PRI-OPEN",
    basis=Basis.SOURCE,
    source="decision 0001; contracts/personal.py",
    judul="Data pribadi dapat dibuka",
    title="The sealed block opens",
    pesan="Data pribadi yang disegel tidak dapat dibuka untuk pemilih ini: kunci kantor berbeda atau isinya berubah.",
    message="The sealed block does not open for this voter: another key, another voter, or altered bytes.",
)
def block_opens(_: PemilihV1, case: Case) -> Breaches:
    """Ask whether the block was sealed with the keys of the province, to this subject, and holds what it must."""
    if case.pribadi is not None:
        return FINE
    return (Breach("/pribadi", "a block that does not open", "a block sealed to this subject"),)
