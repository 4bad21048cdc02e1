"""Codes in an address."""

from __future__ import annotations

import pytest

from contracts.identifiers import Tingkat
from services.gateway.adapters.kode import checked, containing
from services.runtime.answers import ProblemError
from tests.builders import TPS, a_nik


def test_a_code_of_the_province_passes() -> None:
    assert checked("3279", Tingkat.PROVINSI, Tingkat.KABUPATEN, province="32") == "3279"


@pytest.mark.parametrize(
    ("kode", "code"),
    [
        ("32791", "QUERY-INVALID"),
        ("٣٢٧٩", "QUERY-INVALID"),
        ("3279\n", "QUERY-INVALID"),
        (a_nik(), "QUERY-INVALID"),
        ("3101", "NOT-FOUND"),
    ],
)
def test_what_is_no_code_of_the_province_is_refused_without_showing_a_nik(kode: str, code: str) -> None:
    with pytest.raises(ProblemError) as refused:
        checked(kode, Tingkat.KABUPATEN, province="32")
    assert refused.value.code == code
    assert a_nik() not in refused.value.detail


def test_everything_that_contains_a_tps_is_known_by_its_code() -> None:
    assert containing(TPS) == [TPS[:10], TPS[:6], TPS[:4], "32"]
    assert containing("32") == []
