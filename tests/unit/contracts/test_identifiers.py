"""Names of records: who owns what they name, and what is no name."""

from __future__ import annotations

import pytest

from contracts.identifiers import (
    Subject,
    Tingkat,
    c_hasil_subject,
    d_hasil_subject,
    induk,
    jadwal_subject,
    keputusan_subject,
    parse_subject,
    pemilih_subject,
    rekap_pdpb_subject,
    source_of,
    tingkat,
    tps_subject,
)

TOKEN = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (pemilih_subject("3279", TOKEN), Subject("pemilih", "", TOKEN, "3279")),
        (tps_subject("pilkada-2024", "3279011001001"), Subject("tps", "pilkada-2024", "3279011001001", "3279")),
        (c_hasil_subject("pkwkp-2024", "3279011001001"), Subject("c_hasil", "pkwkp-2024", "3279011001001", "3279")),
        (d_hasil_subject("pkwkp-2024", "rekap", "327901"), Subject("d_hasil", "pkwkp-2024/rekap", "327901", "3279")),
        (
            d_hasil_subject("pkwkp-2024", "hitung", "3279011001"),
            Subject("d_hasil", "pkwkp-2024/hitung", "3279011001", "3279"),
        ),
        (d_hasil_subject("pkwkp-2024", "hitung", "32"), Subject("d_hasil", "pkwkp-2024/hitung", "32", "32")),
        (rekap_pdpb_subject("pdpb-2025-tw4", "327901"), Subject("rekap_pdpb", "pdpb-2025-tw4", "327901", "3279")),
        (jadwal_subject("pdpb-2025-tw4", "3279"), Subject("jadwal", "pdpb-2025-tw4", "3279", "32")),
        (keputusan_subject("32", "0a" * 16), Subject("keputusan", "", "0a" * 16, "32")),
    ],
)
def test_a_subject_names_a_record_and_its_office(text: str, named: Subject) -> None:
    assert parse_subject(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pemilih",
        "pemilih/3279",
        f"pemilih/32/{TOKEN}",
        f"pemilih/3279/{TOKEN.upper()}",
        f"pemilih/3279/{TOKEN}0",
        "tps/pilkada-2024/327901100100",
        "tps//3279011001001",
        "tps/Pilkada/3279011001001",
        "c_hasil/pkwkp-2024/3279011001001/",
        "c_hasil/pkwkp-2024/3279011001001\n",
        " c_hasil/pkwkp-2024/3279011001001",
        "c_hasil/pkwkp-2024/٣٢٧٩٠١١٠٠١٠٠١",
        "d_hasil/pkwkp-2024/327901",
        "d_hasil/pkwkp-2024/final/327901",
        "d_hasil/pkwkp-2024/rekap/32790",
        "d_hasil/pkwkp-2024/rekap/3279011001001",
        "c_hasil/../3279011001001",
    ],
)
def test_anything_else_is_no_subject(text: str) -> None:
    assert parse_subject(text) is None


def test_a_wilayah_lies_in_the_one_above_it() -> None:
    assert induk("3279011001001") == "3279011001"
    assert induk("3279011001") == "327901"
    assert induk("327901") == "3279"
    assert induk("3279") == "32"
    assert induk("32") == ""


def test_the_level_of_a_wilayah_is_the_length_of_its_code() -> None:
    assert [tingkat("3279011001001"[:length]) for length in (2, 4, 6, 10, 13)] == list(Tingkat)
    with pytest.raises(ValueError, match="5"):
        tingkat("32790")


def test_an_office_is_a_source() -> None:
    assert source_of("3279") == "/kpu/3279"
