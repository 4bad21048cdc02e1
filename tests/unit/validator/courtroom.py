"""A bench with all rules and the reference data of Jawa Barat, and the shortest way to a verdict."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import orjson

from contracts import codec
from contracts.envelope import ClosedModel
from contracts.identifiers import Lane, tps_subject
from contracts.pemilihan import PEMILIHAN
from contracts.reference.calon import semua_calon
from contracts.reference.wilayah import semua_provinsi, wilayah_of
from contracts.verdict import Finding, Verdict
from services.validator.core.case import Place
from services.validator.core.judge import Bench, bench_of, judge
from services.validator.core.reference import Reference, reference_of
from services.validator.core.register import Register
from services.validator.core.rules import all_rules
from tests.builders import KEYS, OFFICE, PILKADA, PROVINCE, TPS, a_line

HERE: Final = Place(OFFICE, "hasil", 1, 2)
"""Where a form stands once its TPS has been registered."""


@cache
def a_reference(province: str = PROVINCE) -> Reference:
    """Return the reference data of a province for the Pilkada."""
    return reference_of(wilayah_of(province), semua_provinsi(), semua_calon(), PEMILIHAN[PILKADA])


def a_bench(*, tps: tuple[str, ...] = (TPS,), pemilihan: str = PILKADA, province: str = PROVINCE) -> Bench:
    """Return a bench on which the TPS given are registered before anything else is said."""
    register = Register()
    for kode in tps:
        register.note(tps_subject(pemilihan, kode), 1, 1, registered=True)
    return bench_of(all_rules(), a_reference(province), register, KEYS)


def verdict_on(  # noqa: PLR0913  # a place has that many sides
    about: ClosedModel | None = None,
    *,
    bench: Bench | None = None,
    office: str = OFFICE,
    lane: Lane = "hasil",
    epoch: int = 1,
    sequence: int = 2,
    **attributes: Any,
) -> Verdict:
    """Return the verdict on the line that ``office`` says at that place; ``attributes`` are the line's own."""
    line = a_line(about, **{"source": office, "epoch": epoch, "sequence": sequence, **attributes})
    return judge(line, Place(office, lane, epoch, sequence), bench or a_bench())


def findings_on(about: ClosedModel | None = None, **attributes: Any) -> list[Finding]:
    """Return what the rules found."""
    return list(verdict_on(about, **attributes).findings)


def codes_on(about: ClosedModel | None = None, **attributes: Any) -> set[str]:
    """Return the codes of what the rules found."""
    return {finding.code for finding in findings_on(about, **attributes)}


def data_with(about: ClosedModel, **fields: Any) -> bytes:
    """Return the canonical data of ``about`` with fields that its model would refuse."""
    return codec.canonical_data({**orjson.loads(about.model_dump_json(exclude_unset=True)), **fields})
