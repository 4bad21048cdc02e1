"""Pemilih: the token stands for the NIK that is sealed beside it."""

from __future__ import annotations

from contracts.personal import DataPribadi
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    DataPribadi,
    code="PRI-TOKEN",
    basis=Basis.SOURCE,
    source="contracts/personal.py",
    judul="Token sesuai NIK yang disegel",
    title="The token stands for the sealed NIK",
    pesan="Token pemilih bukan token dari NIK yang disegel.",
    message="The token is not the one of the sealed NIK.",
)
def token_is_of_this_nik(pribadi: DataPribadi, case: Case) -> Breaches:
    """Ask whether the token is that of the sealed NIK, so nobody can file a voter under another."""
    if case.keys.nik_token(pribadi.nik) == case.change.data.nik_token:
        return FINE
    return (Breach("/nik_token", "another token", "the token of the sealed NIK"),)
