"""Keputusan: it is taken by somebody who may take it."""

from __future__ import annotations

from contracts.events import KeputusanV1
from contracts.identifiers import Tingkat
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule


@rule(
    KeputusanV1,
    code="AUT-DECISION",
    basis=Basis.SOURCE,
    source="decision 0013",
    judul="Putusan diambil oleh yang berwenang",
    title="A decision is taken by who may take it",
    pesan="Putusan {where} diambil oleh kantor {seen}; yang berwenang {expected}.",
    message="The decision {where} was taken by office {seen}; it is for {expected} to take it.",
)
def decider_may_decide(data: KeputusanV1, case: Case) -> Breaches:
    """Let the province decide everything, and the office concerned return its own record or settle its own case.

    An office that could release its own would answer the rules in their stead.
    """
    decider, province = case.place.office, data.kantor[: Tingkat.PROVINSI]
    deciders = (province,) if data.putusan == "dilepas" else (province, data.kantor)
    if decider in deciders:
        return FINE
    return (Breach("/putusan", decider, ", ".join(deciders), data.putusan),)
