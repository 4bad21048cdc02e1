"""Speaks to the operator in her language: a text by its key, and the half of an answer that is for her."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.desk.core.figures import Language, count
from services.desk.core.texts import TEXTS


class _Number:
    """A whole number as it is written, alone or with its noun."""

    def __init__(self, value: int, language: Language) -> None:
        self._value = value
        self._language = language

    def __format__(self, nouns: str) -> str:
        written = count(self._value, self._language)
        if not nouns:
            return written
        one, _, many = nouns.partition("|")
        return f"{written} {one if self._value == 1 else many}"


class Speech:
    """One of the two languages."""

    def __init__(self, language: Language) -> None:
        """Speak ``language``."""
        self.language = language

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text called ``key`` with ``values`` filled in; whole numbers are written as people write them."""
        text = TEXTS[key].of(self.language)
        written = {
            name: _Number(value, self.language) if isinstance(value, int) and not isinstance(value, bool) else value
            for name, value in values.items()
        }
        return text.format(**written)

    def of(self, answer: Mapping[str, Any], bahasa: str, english: str) -> str:
        """Return the field of ``answer`` in this language; where there is only one of them, that one."""
        first, second = (bahasa, english) if self.language == "id" else (english, bahasa)
        return str(answer.get(first) or answer.get(second) or "")
