"""Laws of the plain form: what is settled at a glance is what the rules themselves would say."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import codec
from contracts.events import CHasilV1
from contracts.events.c_hasil_v1 import KoreksiV1
from services.validator.core.case import Case
from services.validator.core.plain import SETTLED, is_plain
from services.validator.core.rules import all_rules
from tests.builders import KONTES_GUBERNUR, TPS, a_c_hasil, a_change, some_votes
from tests.unit.validator.courtroom import HERE, a_bench

BENCH = a_bench()
RULES = [rule for rule in all_rules() if rule.code in SETTLED]
GOOD = orjson.loads(codec.canonical_data(a_c_hasil().model_dump(mode="json", exclude_unset=True)))
BOXES = [name for name, value in GOOD.items() if isinstance(value, int)]
KOREKSI = KoreksiV1(alasan="salah jumlah", dokumen="BA-7/PPK/2024", jabatan="Ketua PPK")
VOTES = some_votes(KONTES_GUBERNUR, TPS)


def codes_said(form: CHasilV1) -> set[str]:
    """Return the codes of the settled rules that find something, each of them asked."""
    change = a_change(form, sequence=2)
    kind = BENCH.dockets[change.type].kind
    case = Case(change, kind, HERE, BENCH.reference, BENCH.register, BENCH.keys)
    return {rule.code for rule in RULES if rule.ask(change.data, case)}


def test_every_settled_rule_exists() -> None:
    assert {rule.code for rule in RULES} == SETTLED


def test_a_good_form_is_plain() -> None:
    assert is_plain(a_c_hasil())


@given(
    st.dictionaries(st.sampled_from(BOXES), st.none() | st.integers(0, 1_200), max_size=2),
    st.dictionaries(st.sampled_from(sorted(VOTES)), st.none() | st.integers(0, 1_200), max_size=2),
)
def test_of_a_plain_form_no_settled_rule_finds_anything(
    boxes: dict[str, int | None], votes: dict[str, int | None]
) -> None:
    form = CHasilV1.model_validate(
        {**a_c_hasil().model_dump(exclude_unset=True), **boxes, "perolehan_suara": {**VOTES, **votes}}
    )
    said = codes_said(form)
    assert is_plain(form) is not bool(said), "too careful is allowed by the judge, but it is never so for small damage"


@pytest.mark.parametrize("kind", ["reguler", "psu", "hitung_ulang"])
@pytest.mark.parametrize("koreksi", [None, KoreksiV1(alasan="salah jumlah"), KOREKSI])
def test_only_a_first_regular_form_is_plain(kind: str, koreksi: KoreksiV1 | None) -> None:
    form = a_c_hasil(jenis_kejadian=kind, koreksi=koreksi)
    assert is_plain(form) is (kind == "reguler" and koreksi is None)


@given(st.dictionaries(st.sampled_from(sorted(VOTES)), st.integers(0, 400), min_size=len(VOTES), max_size=len(VOTES)))
def test_whatever_was_voted_a_plain_form_breaks_no_settled_rule(votes: dict[str, int]) -> None:
    form = a_c_hasil(perolehan_suara=votes)
    if is_plain(form):
        assert not codes_said(form)
