"""No number as long as a NIK, and nothing that stands for a voter, passes the mask (invariant I13)."""

from __future__ import annotations

import pytest

from services.gateway.core.mask import MASK, masked, public_subject, public_text
from tests.builders import TPS, a_nik

NIK = a_nik()
TOKEN = "0123456789abcdef0123456789abcdef"  # noqa: S105  # a pattern, no secret


@pytest.mark.parametrize(
    "text",
    [
        NIK,
        f"NIK {NIK}.",
        f"data{NIK}",
        f"{NIK}abc",
        f"a{NIK}{NIK}",
        f"{NIK[:4]} {NIK[4:8]} {NIK[8:12]} {NIK[12:]}",
        f"{NIK[:6]}.{NIK[6:12]}.{NIK[12:]}",
    ],
)
def test_a_nik_is_masked_however_it_is_written(text: str) -> None:
    shown = masked(text)
    assert MASK in shown
    assert NIK not in shown.replace(" ", "").replace(".", "")


@pytest.mark.parametrize(
    "text",
    [TPS, f"{TPS} {TPS[:-1]}2", TOKEN, "01932f8e-7c1a-7000-8000-0123456789ab", "Suara sah tertulis 202, jumlah 249."],
)
def test_what_is_no_nik_stays(text: str) -> None:
    assert masked(text) == text


def test_the_token_of_a_voter_is_masked_in_texts_about_voters_only() -> None:
    assert public_text("pemilih", f"pemilih-{TOKEN}") == f"pemilih-{MASK}"
    assert public_text("hasil", TOKEN) == TOKEN


@pytest.mark.parametrize(
    ("lane", "subject", "shown"),
    [
        ("hasil", f"c_hasil/pkwkp-2024/{TPS}", f"c_hasil/pkwkp-2024/{TPS}"),
        ("pemilih", f"pemilih/3279/{TOKEN}", None),
        ("hasil", f"pemilih/3279/{TOKEN}", None),
        ("hasil", f"c_hasil/{TOKEN}", None),
        ("hasil", f"c_hasil/pkwkp-2024/{NIK}", f"c_hasil/pkwkp-2024/{MASK}"),
    ],
)
def test_a_subject_that_names_a_voter_is_not_shown(lane: str, subject: str, shown: str | None) -> None:
    assert public_subject(lane, subject) == shown
