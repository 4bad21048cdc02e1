"""Shows of a voter what her own office needs to recognise her, and no more."""

from __future__ import annotations

from typing import Final

import orjson

from contracts.personal import CannotOpenError, PersonalKeys

_SHOWN_OF_NIK: Final = slice(-4, None)
_UNKNOWN: Final[dict[str, str | None]] = {"nik": None, "nama": None}


def masked_voter(keys: PersonalKeys, line: bytes | None) -> dict[str, str | None]:
    """Return the end of her NIK and her initials; neither where her line is gone or does not open."""
    if line is None:
        return _UNKNOWN
    change = orjson.loads(line)
    try:
        voter = orjson.loads(keys.open(change["subject"], change["data"]["pribadi"]))
    except (CannotOpenError, KeyError):
        return _UNKNOWN
    initials = " ".join(f"{part[0]}." for part in voter["nama"].split() if part)
    return {"nik": f"…{voter['nik'][_SHOWN_OF_NIK]}", "nama": initials}
