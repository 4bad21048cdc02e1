"""Who a key belongs to."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from services.ingest.adapters.api_keys import read_api_keys
from services.runtime.errors import FatalError


def hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def test_a_key_belongs_to_one_office_and_an_office_may_have_two(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text(f"# kunci\n3279 {hashed('lama')}\n3279 {hashed('baru')} # sejak Juni\n\n32 {hashed('provinsi')}\n")
    keys = read_api_keys(path)
    assert [keys.office_of(key) for key in ("lama", "baru", "provinsi", "", "lain")] == [
        "3279",
        "3279",
        "32",
        None,
        None,
    ]
    assert keys.offices == {"32", "3279"}


@pytest.mark.parametrize("text", ["3279", "3279 abc", f"banjar {hashed('x')}", "3279 kunci-dalam-huruf-terbuka"])
def test_a_line_that_is_no_key_stops_the_start(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys"
    path.write_text(text)
    with pytest.raises(FatalError, match="line 1"):
        read_api_keys(path)


def test_a_missing_file_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(FatalError):
        read_api_keys(tmp_path / "none")
