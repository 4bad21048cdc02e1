"""What offices push to a province in containers: always about a desa and people that no other test has touched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from contracts.identifiers import Tingkat
from contracts.reference.wilayah import wilayah_of
from tests.builders import KONTES_GUBERNUR, PROVINCE, a_c_hasil, a_pemilih_submission, a_submission, a_tps, ndjson
from tests.containers.province import Province

NOT_REGISTERED: Final = "899"
_people = count(1)
_desa: Final[dict[str, Iterator[str]]] = {}


@dataclass
class Pushes:
    """What one office says about one desa, and what must come of it."""

    office: str
    desa: str
    results: int = 0
    """How many changes of each lane were pushed."""
    voters: int = 0
    suara_sah: int = 0
    forms: int = 0
    registered: int = 0
    niks: list[str] = field(default_factory=list)

    def push(self, province: Province, events: Sequence[Any]) -> list[dict[str, Any]]:
        """Push events and return their receipts; each must be taken."""
        with province.office(self.office) as client:
            answer = client.post("/v1/changes", content=ndjson(events))
        assert answer.status_code == 202, answer.text
        body = answer.json()
        assert (body["accepted"], body["errors"]) == (len(events), []), body
        receipts: list[dict[str, Any]] = body["receipts"]
        return receipts

    def register(self, province: Province, *, tps: int) -> None:
        """Register so many TPS."""
        self.push(province, [a_submission(a_tps(f"{self.desa}{1 + number:03}")) for number in range(tps)])
        self.results += tps
        self.registered += tps

    def report(self, province: Province, *, forms: int) -> None:
        """Push the forms of the next registered TPS, on which every sum is right."""
        made = [a_c_hasil(f"{self.desa}{1 + self.forms + number:03}") for number in range(forms)]
        self.push(province, [a_submission(form) for form in made])
        self.results += forms
        self.forms += forms
        self.suara_sah += sum(form.suara_sah or 0 for form in made)

    def report_wrong_sum(self, province: Province, tps: int) -> str:
        """Push a form whose votes do not add up, and return its id: it is held."""
        right = a_c_hasil(f"{self.desa}{tps:03}")
        return self._report_one(province, a_c_hasil(right.tps, suara_sah=(right.suara_sah or 0) + 1))

    def report_unknown_tps(self, province: Province) -> str:
        """Push the form of a TPS that nobody has registered, and return its id: it is rejected."""
        return self._report_one(province, a_c_hasil(f"{self.desa}{NOT_REGISTERED}"))

    def enrol(self, province: Province, *, voters: int) -> None:
        """Push so many voters."""
        people = [a_pemilih_submission(next(_people), desa=self.desa, tps="001") for _ in range(voters)]
        self.push(province, [a_submission(person) for person in people])
        self.voters += voters
        self.niks += [person.nik for person in people]

    def _report_one(self, province: Province, form: Any) -> str:
        [receipt] = self.push(province, [a_submission(form)])
        self.results += 1
        return str(receipt["id"])


def pushes_of(office: str) -> Pushes:
    """Return what ``office`` is going to say about a desa of which nothing is known yet."""
    if office not in _desa:
        wilayah = wilayah_of(PROVINCE)
        _desa[office] = iter([desa for desa in wilayah.at(Tingkat.DESA) if desa.startswith(office)])
    return Pushes(office, next(_desa[office]))


def figures_of(wilayah: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of the governor's kontes in what the gateway says of a wilayah."""
    [kontes] = [one for one in wilayah["kontes"] if one["kode"] == KONTES_GUBERNUR]
    return dict(kontes)
