"""Looks at a text for what nobody typed: invisible signs, letters of other scripts, formulas, damage."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

_LOOKALIKES: Final = str.maketrans(
    "\u0410\u0412\u0415\u0417\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0405\u0406\u0408"
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u0391\u0392\u0395\u0396\u0397\u0399"
    "\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf",
    "ABE3KMHOPCTYXSIJaeopcyxsijABEZHIKMNOPTYXo",
)
"""Letters of Cyrillic and Greek that print like a Latin one (Unicode TR 39, those a keyboard gives)."""
_FORMULA: Final = re.compile(r"[=@]|[+\-](?![0-9]+$)[A-Za-z(=@+\-0-9]|[\t\r]")
_MOJIBAKE: Final = re.compile(r"[ÃÂ][\x80-\xbf\u2018-\u2122€]|â€")
_INVISIBLE: Final = frozenset({"Cf", "Cc", "Zl", "Zp", "Co", "Cn"})


class Odd(NamedTuple):
    """What is odd about a text."""

    code: str
    suggestion: str | None
    repair: str | None
    grave: bool


def tidy(text: str) -> str:
    """Return ``text`` without the spaces around it: no-break spaces too, since no form means one."""
    return text.strip(" \u00a0\t\r\n")


def oddity(text: str) -> Odd | None:  # noqa: PLR0911  # one return for each kind, in order of harm
    """Return the first thing odd about ``text``, or ``None``.

    Accents, apostrophes and quotes are how people are called.
    """
    if text.isascii() and text.isprintable():
        return Odd("FILE-TEXT-FORMULA", None, None, grave=True) if _FORMULA.match(text) else None
    categories = {unicodedata.category(sign) for sign in text}
    if "Cs" in categories or "\ufffd" in text:
        return Odd("FILE-TEXT-DAMAGED", None, None, grave=True)
    if not _INVISIBLE.isdisjoint(categories):
        seen = "".join(sign for sign in text if unicodedata.category(sign) not in _INVISIBLE)
        # A control sign may stand for something lost; a sign of format or direction stands for nothing.
        only_format = categories.isdisjoint({"Cc", "Co", "Cn"})
        return Odd("FILE-TEXT-INVISIBLE", seen if only_format and oddity(seen) is None else None,
                   "hapus-tanda-tak-terlihat" if only_format else None, grave=True)  # fmt: skip
    if _MOJIBAKE.search(text):
        return Odd("FILE-TEXT-DAMAGED", *_undamaged(text), grave=True)
    letters = [sign for sign in text if sign.isalpha() or sign.isdigit()]
    if any(_foreign(sign) for sign in letters):
        latin = unicodedata.normalize("NFKC", text).translate(_LOOKALIKES)
        fits = not any(_foreign(sign) for sign in latin if sign.isalpha() or sign.isdigit())
        return Odd("FILE-TEXT-LOOKALIKE", latin if fits else None, "huruf-latin" if fits else None, grave=True)
    if _FORMULA.match(text):
        return Odd("FILE-TEXT-FORMULA", None, None, grave=True)
    if "So" in categories:
        return Odd("FILE-CELL-INVALID", None, None, grave=True)
    return None


def _foreign(sign: str) -> bool:
    name = unicodedata.name(sign, "")
    return not sign.isascii() and ("LATIN" not in name or "FULLWIDTH" in name)


def _undamaged(text: str) -> tuple[str | None, str | None]:
    """Return the text whose UTF-8 was read as CP1252, when that is what happened to it."""
    try:
        return text.encode("cp1252").decode("utf-8"), "baca-utf-8"
    except UnicodeError:
        return None, None
