"""The case: one change with all that rules may ask about it."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from contracts.envelope import Change, EventType
from contracts.events import CHasilV1, DHasilV1, PemilihV1
from contracts.identifiers import Lane
from contracts.pemilihan import KONTES, Kontes
from contracts.personal import CannotOpenError, DataPribadi, PersonalKeys
from services.validator.core.nik import Born, born, is_nik
from services.validator.core.reference import Reference
from services.validator.core.register import Register

# Called without the method of the model around it: every voter of the province passes here.
_read_pribadi: Final = DataPribadi.__pydantic_validator__.validate_json


class Place(NamedTuple):
    """Where a line stands: whose it must be, and its number in their numbering."""

    office: str
    lane: Lane
    epoch: int
    sequence: int


class Case:
    """One change at its place. What several rules ask about is looked up once."""

    __slots__ = ("born", "change", "keys", "kind", "kontes", "nik", "place", "pribadi", "reference", "register")

    def __init__(  # noqa: PLR0913, PLR0917  # a case has that many sides
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
        self.kind = kind
        self.place = place
        self.reference = reference
        self.register = register
        self.keys = keys
        self.kontes: Kontes | None = None
        """The kontes that a form is about; ``None`` when there is none of that code."""
        self.pribadi: DataPribadi | None = None
        """The voter's sealed part; ``None`` when it does not open or holds something else."""
        self.nik: str | None = None
        """The voter's NIK; ``None`` when it cannot be one."""
        self.born: Born | None = None
        """The date in the voter's NIK; ``None`` when there is no NIK or no date in it."""
        data = change.data
        shape = type(data)  # nothing derives from these shapes, and asking a model for its ancestors costs more
        if shape is PemilihV1:
            self._open(data)
        elif shape is CHasilV1 or shape is DHasilV1:
            self.kontes = KONTES.get(data.kontes)

    def _open(self, data: PemilihV1) -> None:
        try:
            pribadi: DataPribadi = _read_pribadi(self.keys.open(self.change.subject, data.pribadi))
        except (CannotOpenError, ValidationError):
            return
        self.pribadi = pribadi
        nik = pribadi.nik
        if is_nik(nik):
            self.nik = nik
            self.born = born(nik)
