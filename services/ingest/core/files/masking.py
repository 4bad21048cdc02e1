"""Shows the shape of what stands in a cell instead of what it says: enough to repair it, nothing to name a person."""

from __future__ import annotations

import re
from typing import Final

_SHOWN_MAX: Final = 40
_LONG_NUMBER: Final = re.compile(r"[0-9]{14,}")


def shape(text: str) -> str:
    """Return ``text`` with A for each letter and 9 for each digit; what cannot be seen is named by its code point."""
    shown = "".join(map(_sign, text[:_SHOWN_MAX]))
    return f"{shown}…" if len(text) > _SHOWN_MAX else shown


def shown(text: str) -> str:
    """Return ``text`` of a column that names nobody; a number as long as a NIK is masked wherever it stands."""
    masked = _LONG_NUMBER.sub("…", text)
    kept = "".join(sign if sign.isprintable() else f"<U+{ord(sign):04X}>" for sign in masked[:_SHOWN_MAX])
    return f"{kept}…" if len(masked) > _SHOWN_MAX else kept


def _sign(sign: str) -> str:
    if sign.isascii() and sign.isalnum():
        return "9" if sign.isdigit() else "A"
    if sign.isascii() and sign.isprintable():
        return sign
    if sign.isalpha():
        # A letter of another script is the finding itself, so its script is shown and not which letter it is.
        return "A" if ord(sign) < 0x250 else "Å"  # noqa: PLR2004  # the end of the Latin letters
    return f"<U+{ord(sign):04X}>"
