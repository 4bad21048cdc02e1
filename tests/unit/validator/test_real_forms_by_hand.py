"""Findings on real forms that a person has worked out from the figures, box by box.

The files are not part of the project; where they are at hand, each of these must still be found to be what it is.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

import orjson
import pytest

from contracts import codec
from contracts.events import CHasilV1
from services.ingest.core.readers.sirekap import change_in
from services.validator.core.case import Place
from services.validator.core.judge import bench_of, judge
from services.validator.core.register import Register
from services.validator.core.rules import all_rules
from tests.builders import KEYS, a_line
from tests.unit.validator.courtroom import a_reference

_FILES: Final = Path(__file__).parents[4] / "shared" / "data" / "sirekap-ppwp-tps"

WORKED_OUT: Final = {
    "3101011001001.json": "RES-USED-EQ-VOTES RES-USED-SUM",
    "3101011001002.json": "",
    "3101011001003.json": "RES-LP-USED-DPT RES-SUM-PASLON RES-USED-SUM",
    "3101011001004.json": "",
    "3101011001013.json": "RES-COMPLETE RES-USED-EQ-VOTES RES-VOTES-LE-BALLOTS",
    "3101011002016.json": "RES-USED-EQ-VOTES",
    "3101011003001.json": "RES-SUM-PASLON",
    "3101011003006.json": "RES-HINT-ONE-CELL RES-LP-USED-TOTAL RES-USED-SUM",
    "3101011003008.json": "RES-SUM-PASLON",
    "3101021002001.json": "RES-COMPLETE RES-USED-LE-DPT RES-VOTES-LE-BALLOTS",
    "3101021002012.json": "RES-LP-USED-DPTB RES-LP-USED-TOTAL RES-USED-SUM",
    "3101021003001.json": "RES-COMPLETE RES-SUM-PASLON RES-USED-EQ-VOTES RES-VOTES-LE-BALLOTS",
    "3101021003002.json": "RES-LP-USED-DPT RES-LP-USED-TOTAL",
    "3173011001075.json": "RES-LP-USED-DPT RES-USED-LE-DPT RES-USED-SUM",
    "3173011001100.json": "RES-LP-USED-DPT RES-USED-SUM",
    "3173011001149.json": "RES-LP-DPT",
    "3173011001161.json": "RES-HINT-ONE-CELL RES-SUM-VALID",
    "3173011001210.json": "RES-LP-USED-TOTAL RES-USED-SUM",
    "3173011002043.json": "RES-HINT-ONE-CELL RES-LP-USED-DPK RES-USED-SUM",
    "3173011002063.json": "RES-SUM-PASLON RES-SUM-VALID RES-USED-EQ-VOTES",
    "3173011002073.json": (
        "RES-DPT-CAP RES-LP-DPT RES-LP-USED-DPT RES-SUM-PASLON RES-SUM-VALID RES-USED-EQ-VOTES RES-USED-SUM"
    ),
    "3173011002113.json": "RES-HINT-ONE-CELL RES-SUM-VALID",
    "3173011002126.json": "RES-SUM-PASLON RES-USED-EQ-VOTES",
    "3173011002127.json": "RES-COMPLETE RES-SUM-PASLON RES-USED-EQ-VOTES RES-VOTES-LE-BALLOTS",
    "3173011002146.json": "RES-HINT-ONE-CELL RES-LP-USED-DPT RES-USED-LE-DPT RES-USED-SUM",
    "3173011002150.json": "RES-LP-DPT RES-USED-LE-DPT RES-VOTES-LE-BALLOTS",
    "3173011002155.json": "RES-SUM-PASLON RES-USED-EQ-VOTES RES-USED-SUM",
    "3173011002172.json": "RES-LP-DPT RES-LP-USED-DPK RES-LP-USED-DPTB RES-USED-SUM",
    "3173011002213.json": "RES-LP-DPT",
    "3173011005006.json": "RES-VOTES-LE-BALLOTS",
    "3173011005056.json": (
        "RES-LP-DPT RES-LP-USED-DPT RES-LP-USED-TOTAL RES-SUM-PASLON RES-SUM-VALID RES-USED-EQ-VOTES "
        "RES-USED-LE-DPT RES-USED-SUM RES-VOTES-LE-BALLOTS"
    ),
    "3173011005059.json": "RES-SUM-VALID",
    "3173011005081.json": (
        "RES-LP-DPT RES-LP-USED-DPT RES-SUM-VALID RES-USED-EQ-VOTES RES-USED-LE-DPT RES-USED-SUM RES-VOTES-LE-BALLOTS"
    ),
    "3173011005083.json": "RES-SUM-VALID RES-USED-EQ-VOTES",
    "3173011005088.json": "RES-COMPLETE",
    "3173011005101.json": "RES-LP-USED-DPT RES-USED-EQ-VOTES RES-USED-LE-DPT RES-USED-SUM",
    "3173011005114.json": (
        "RES-LP-USED-DPT RES-SUM-VALID RES-USED-EQ-VOTES RES-USED-LE-DPT RES-USED-SUM RES-VOTES-LE-BALLOTS"
    ),
    "3173011005122.json": "RES-DPT-CAP RES-LP-DPT RES-LP-USED-TOTAL RES-USED-SUM",
    "3173011006130.json": "RES-LP-USED-DPK RES-USED-EQ-VOTES RES-USED-SUM",
    "3173011006134.json": "RES-SUM-PASLON RES-USED-EQ-VOTES",
    "3173011006142.json": "RES-LP-USED-DPT RES-SUM-PASLON RES-SUM-VALID RES-USED-EQ-VOTES RES-USED-SUM",
    "3173011006147.json": "RES-SUM-VALID",
    "3173011006159.json": "RES-COMPLETE",
    "3173011006180.json": "RES-HINT-ONE-CELL RES-LP-USED-DPK RES-USED-SUM",
    "3173011006190.json": "RES-LP-USED-DPTB RES-USED-EQ-VOTES RES-USED-SUM",
    "3173011006211.json": "RES-VOTES-LE-BALLOTS",
    "3173011006259.json": "RES-HINT-ONE-CELL RES-LP-USED-DPT RES-USED-SUM",
}
"""Name of the file and the codes that its figures deserve; TPS of Jakarta, Pemilu 2024, as published in February."""


def _content(name: str) -> bytes:
    """Return a file out of the archives; where two hold it, they hold the same figures or the first one counts."""
    for archive in sorted(_FILES.glob("*.zip")):
        with zipfile.ZipFile(archive) as opened:
            for inner in opened.namelist():
                if inner.endswith(f"/{name}"):
                    return opened.read(inner)
    pytest.fail(f"{name} is in none of the archives")


@pytest.mark.skipif(not _FILES.exists(), reason="the sample of Pemilu 2024 is not at hand")
@pytest.mark.parametrize("name", sorted(WORKED_OUT))
def test_a_real_form_is_found_to_be_what_a_person_found(name: str) -> None:
    change = orjson.loads(change_in(_content(name), nama=name, kontes=None))
    form = CHasilV1.model_validate_json(codec.canonical_data(change["data"]))
    register = Register()
    register.note(f"tps/pemilu-2024/{form.tps}", 1, 1, registered=True)
    bench = bench_of(all_rules(), a_reference("31"), register, KEYS)
    office = form.tps[:4]
    verdict = judge(a_line(form, source=office, sequence=2), Place(office, "hasil", 1, 2), bench)
    assert " ".join(sorted({finding.code for finding in verdict.findings})) == WORKED_OUT[name]
