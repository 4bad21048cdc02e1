"""No number that could be somebody's NIK stands in what is delivered (invariant I13)."""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.architecture.source import ROOT, files, named

# Six digits of a wilayah, a day (for women with 40 added), a month, a year and a serial (DOMAIN.md 1.4).
NIK: Final = re.compile(
    rb"(?<![0-9A-Za-z])[1-9][0-9]{5}(?:0[1-9]|[12][0-9]|3[01]|4[1-9]|[56][0-9]|7[01])(?:0[1-9]|1[0-2])[0-9]{6}(?![0-9A-Za-z])"
)
PLACES: Final = ("contracts", "services", "deploy", "bench", "docs")
SYNTHETIC: Final = "contracts/examples/"
"""Examples show voters, all of them invented; so do tests."""


def test_no_nik_stands_outside_tests_and_examples() -> None:
    top = [path for path in sorted(ROOT.iterdir()) if path.is_file() and not path.name.startswith(".")]
    found = [
        f"{named(path)}: {match.group().decode()[:6]}…"
        for path in [*files(*PLACES), *top]
        if not named(path).startswith(SYNTHETIC)
        for match in NIK.finditer(path.read_bytes())
    ]
    assert not found, f"only synthetic voters, and only in tests and {SYNTHETIC}: {found}"


@pytest.mark.parametrize("text", [b"3279015504900001", b'"3279011504900001",', b"NIK 3273016012011234."])
def test_a_nik_is_recognised(text: bytes) -> None:
    assert NIK.search(text)


@pytest.mark.parametrize(
    "text", [b"3279011001001", b"9007199254740991", b"3279010000900001", b"sha256:3279015504900001a"]
)
def test_what_is_no_nik_is_not(text: bytes) -> None:
    assert not NIK.search(text)
