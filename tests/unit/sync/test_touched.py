"""What a change touches is found from its subject alone."""

from __future__ import annotations

import pytest

from services.sync.core.touched import after, touched_by


@pytest.mark.parametrize(
    ("periode", "following"),
    [
        ("pdpb-2025-tw1", "pdpb-2025-tw2"),
        ("pdpb-2025-tw4", "pdpb-2026-tw1"),
        ("pdpb-2025-s1", "pdpb-2025-s2"),
        ("pdpb-2025-s2", "pdpb-2026-s1"),
        ("pdpb-akhir", ""),
        ("coklit-2025-tw1", ""),
        ("pdpb-2025-x1", ""),
    ],
)
def test_the_period_after_one_follows_from_its_name(periode: str, following: str) -> None:
    assert after(periode) == following


def test_a_recapitulation_touches_all_that_may_have_a_row_of_it() -> None:
    touched = touched_by(["d_hasil/pkwkp-2024/rekap/3279011001", "rekap_pdpb/pdpb-2025-tw4/327901"])
    assert touched.sums == {("pkwkp-2024", kode) for kode in ("3279011001", "327901", "3279", "32")}
    assert touched.recaps == {
        *(("pdpb-2025-tw4", kode) for kode in ("327901", "3279", "32")),
        ("pdpb-2026-tw1", "327901"),
    }


def test_a_registration_touches_the_sums_of_its_own_election() -> None:
    touched = touched_by(["tps/pilkada-2024/3279011001001"])
    assert touched.stations == {"3279011001001"}
    assert touched.sums == {
        (kontes, kode) for kontes in ("pkwkp-2024", "pkwkk-2024") for kode in ("3279011001", "327901", "3279", "32")
    }


def test_a_decision_touches_nothing_by_itself() -> None:
    assert touched_by(["keputusan/32/" + "0" * 32]) == touched_by([])
