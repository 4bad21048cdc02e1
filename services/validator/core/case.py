"""The case: one change with all that rules may ask about it."""

from __future__ import annotations

from typing import Any, NamedTuple

from pydantic import ValidationError

from contracts.envelope import Change, EventType
from contracts.identifiers import Lane
from contracts.pemilihan import KONTES, Kontes
from contracts.personal import CannotOpenError, DataPribadi, PersonalKeys
from services.validator.core.reference import Reference
from services.validator.core.register import Register


class Place(NamedTuple):
    """Where a line stands: whose it must be, and its number in their numbering."""

    office: str
    lane: Lane
    epoch: int
    sequence: int


class Case:
    """One change at its place."""

    __slots__ = ("_keys", "_pribadi", "change", "data", "kind", "place", "reference", "register")

    def __init__(  # noqa: PLR0913  # a case has that many sides
        self,
        change: Change[Any],
        kind: EventType,
        place: Place,
        reference: Reference,
        register: Register,
        keys: PersonalKeys,
    ) -> None:
        """Open the case."""
        self.change = change
        self.data = change.data
        self.kind = kind
        self.place = place
        self.reference = reference
        self.register = register
        self._keys = keys
        self._pribadi: DataPribadi | bool | None = None

    @property
    def kontes(self) -> Kontes | None:
        """The kontes that a form is about, if there is one of that code."""
        return KONTES.get(self.data.kontes)

    @property
    def pribadi(self) -> DataPribadi | None:
        """The voter's sealed part; ``None`` when it does not open or holds something else."""
        if self._pribadi is None:
            try:
                clear = self._keys.open(self.change.subject, self.data.pribadi)
                self._pribadi = DataPribadi.model_validate_json(clear)
            except (CannotOpenError, ValidationError):
                self._pribadi = False
        return self._pribadi if isinstance(self._pribadi, DataPribadi) else None

    def nik_token(self, nik: str) -> str:
        """Return the token that stands for ``nik``."""
        return self._keys.nik_token(nik)
