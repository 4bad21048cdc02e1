"""Codes in an address; what is no code of this province is refused with what was seen and expected."""

from __future__ import annotations

import re

from contracts.identifiers import Tingkat, induk
from services.runtime.answers import ProblemError, seen


def checked(kode: str, *levels: Tingkat, province: str) -> str:
    """Return ``kode``, which names something of one of ``levels`` in ``province``.

    Raises:
        ProblemError: it is no such code, or of another province.
    """
    digits = " or ".join(str(level.value) for level in levels)
    if not re.fullmatch(r"[0-9]{2,13}", kode) or len(kode) not in levels:
        raise ProblemError(code="QUERY-INVALID", detail=f"seen: {seen(kode)}; expected: a code of {digits} digits")
    if not kode.startswith(province):
        raise ProblemError(
            code="NOT-FOUND",
            detail=f"seen: {seen(kode)}; expected: a code of provinsi {province}, which is served here",
        )
    return kode


def unknown(kode: str, expected: str) -> ProblemError:
    """Return the answer that nothing is called ``kode``."""
    return ProblemError(code="NOT-FOUND", detail=f"seen: {seen(kode)}; expected: {expected}")


def containing(kode: str) -> list[str]:
    """Return the codes of everything that contains ``kode``, the nearest first."""
    codes = []
    while kode := induk(kode):
        codes.append(kode)
    return codes
