"""Thresholds: a province lays its own over the standing ones, and what is wrong with them stops the start."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.runtime.errors import FatalError
from services.sync.app import build
from services.sync.core.ambang import ambang_from
from services.sync.settings import Settings


def test_a_table_changes_what_it_names_and_the_name_of_the_whole() -> None:
    standing = ambang_from()
    own = ambang_from("nama,nilai\nskor_maks,5\ntps_min, 30\n")
    assert (own.skor_maks, own.tps_min, own.penyebut_min) == (5.0, 30, standing.penyebut_min)
    assert own.sidik != standing.sidik == ambang_from("nama,nilai\nskor_maks,3.50\n").sidik


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("skor,3", "there is no threshold 'skor'"),
        ("skor_maks,besar", "skor_maks is 'besar'"),
        ("skor_maks,0", "more than nothing"),
        ("skor_maks,inf", "more than nothing"),
        ("tps_min,2.5", "whole number"),
        ("ekstrem_batas,0.5", "less than 0.5"),
    ],
)
def test_what_is_wrong_with_a_table_is_named(row: str, named: str) -> None:
    with pytest.raises(ValueError, match="line 2") as raised:
        ambang_from(f"nama,nilai\n{row}\nangka_q_maks,apa\n")
    assert named in str(raised.value)
    assert "angka_q_maks" in str(raised.value), "all of it is named at once"


def test_an_empty_table_is_none() -> None:
    with pytest.raises(ValueError, match="header"):
        ambang_from("")


def test_a_wrong_table_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "ambang.csv"
    file.write_text("nilai;nama\n", "utf-8")
    settings = Settings(
        kafka_bootstrap_servers="127.0.0.1:1", postgres_dsn="postgresql://", statistics_file=file,
        http_host="127.0.0.1", http_port=1,
    )  # fmt: skip
    with pytest.raises(FatalError, match=r"SYNC_STATISTICS_FILE.*header"):
        build(settings)
