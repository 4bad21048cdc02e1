from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.reference.wilayah import wilayah_of
from deploy.demo.accounting import Account, account
from deploy.demo.feed import Feed
from deploy.demo.sirekap import NoPlanError, SirekapPlan, plan
from tests.builders import some_votes
from tests.unit.demo.ingest_in_memory import IngestInMemory, Trouble

_SHARED = Path(__file__).parents[4] / "shared" / "data"
_real_files = pytest.mark.skipif(not _SHARED.exists(), reason="the public Sirekap files are not here")

_TPS = "3279011001001"


def _write(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def _a_tps_file(**fields: Any) -> dict[str, Any]:
    """Return a file of Pemilu with votes alone, as most of them are."""
    chart = {"null": None, "100025": 83, "100026": 107, "100027": 38}
    return {"mode": "hhcw", "chart": chart, "images": [], "administrasi": None, "psu": None, "ts": None, **fields}


def _a_rekap_file(wilayah: str) -> dict[str, Any]:
    """Return a file of Pilkada with one row."""
    row = {**some_votes("pkwkp-2024", wilayah), "progres": {"total": 2, "persen": 100, "progres": 2}}
    child = "3279" if wilayah == "32" else "327901"
    return {"mode": "hhcw", "tungsura": {"chart": row, "table": {child: row}}, "psu": "Reguler", "ts": None}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with both shapes, what is no result, and a file that is broken."""
    _write(tmp_path / "tps" / f"{_TPS}.json", _a_tps_file())
    _write(tmp_path / "tps" / "3279011001002.json", _a_tps_file(chart={"100025": 83, "100026": None, "100027": 38}))
    _write(tmp_path / "tps" / "3279011001003.json", _a_tps_file(chart={"999": 1}))
    _write(tmp_path / "tps" / "3279011001004.json", "{")
    _write(tmp_path / "again" / f"{_TPS}.json", _a_tps_file())
    _write(tmp_path / "pkwkp" / "32.json", _a_rekap_file("32"))
    _write(tmp_path / "pkwkp" / "32" / "3279.json", _a_rekap_file("3279"))
    _write(tmp_path / "paslon" / "pkwkp.json", {"32": {}})
    _write(tmp_path / "wilayah" / "pkwkp" / "3279.json", [{"nama": "BANJAR"}])
    _write(tmp_path / "batas.json", {"type": "FeatureCollection"})
    return tmp_path


async def _fed(found: SirekapPlan, ingest: IngestInMemory, state: Path) -> Account:
    feed = Feed(found, ingest.desks, state, transport=ingest)
    await feed.run(0)
    assert feed.position.unexpected == []
    return await account(found, feed.position, ingest.desks, within_seconds=5, transport=ingest)


def test_results_are_told_from_what_is_none(folder: Path) -> None:
    found = plan(folder)

    assert found.province == "32"
    assert {(file.office, file.nama, file.kontes) for file in found.files} == {
        ("3279", f"{_TPS}.json", "ppwp-2024"),
        ("3279", "3279011001002.json", "ppwp-2024"),
        ("3279", "3279011001003.json", "ppwp-2024"),
        ("3279", "3279011001004.json", "ppwp-2024"),
        ("32", "32.json", "pkwkp-2024"),
        ("3279", "3279.json", "pkwkp-2024"),
    }
    assert len(found.files) == 7
    assert [Path(other).name for other in found.others] == ["batas.json", "pkwkp.json", "3279.json"]


async def test_every_file_is_accounted_for(folder: Path, tmp_path: Path) -> None:
    ingest = IngestInMemory(wilayah_of("32").offices)

    told = await _fed(plan(folder), ingest, tmp_path / "position.json")

    assert told.complete
    assert dict(told.states) == {"accepted": 3, "held": 1, "rejected": 1, "refused": 1, "repeated": 1}
    assert told.codes == {"RES-COMPLETE": 1, "RES-OPTION-SET": 1, "JSON-INVALID": 1}
    assert told.sentence() == "7 files = 3 accepted + 1 held + 1 refused + 1 rejected + 1 repeated"


async def test_a_file_that_was_not_pushed_leaves_the_account_open(folder: Path, tmp_path: Path) -> None:
    found, ingest = plan(folder), IngestInMemory(wilayah_of("32").offices)
    feed = Feed(found, ingest.desks, tmp_path / "position.json", transport=ingest)

    told = await account(found, feed.position, ingest.desks, within_seconds=0, transport=ingest)

    assert not told.complete
    assert len(told.unanswered) == 7


async def test_a_file_whose_answer_is_lost_is_pushed_again(folder: Path, tmp_path: Path) -> None:
    lost: set[str] = set()

    def weather(request: httpx.Request) -> Trouble | None:
        key = str(request.url)
        if "/v1/sirekap" in key and key not in lost:
            lost.add(key)
            return Trouble.LOST_ANSWER
        return None

    told = await _fed(plan(folder), IngestInMemory(wilayah_of("32").offices, weather), tmp_path / "position.json")

    assert told.complete
    assert dict(told.states) == {"accepted": 3, "held": 1, "rejected": 1, "refused": 1, "repeated": 1}


async def test_what_was_answered_before_a_restart_is_still_known(folder: Path, tmp_path: Path) -> None:
    ingest, state = IngestInMemory(wilayah_of("32").offices), tmp_path / "position.json"
    before = await _fed(plan(folder), ingest, state)

    assert await _fed(plan(folder), ingest, state) == before


def test_two_provinces_in_one_folder_need_a_choice(folder: Path) -> None:
    _write(folder / "tps" / "3101011001001.json", _a_tps_file())

    with pytest.raises(NoPlanError, match="PROVINCE= to one of 31, 32"):
        plan(folder)

    assert plan(folder, "31").province == "31"
    assert len(plan(folder, "31").elsewhere) == 7


def test_a_folder_without_results_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(NoPlanError, match="13 digits"):
        plan(tmp_path)


def test_an_archive_is_read_like_a_folder(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "sampel.zip", "w") as archive:
        archive.writestr(f"sampel/{_TPS}.json", json.dumps(_a_tps_file()))

    [file] = plan(tmp_path).files

    assert json.loads(file.read())["chart"]["100025"] == 83
    assert plan(tmp_path / "sampel.zip").files == [file]


@_real_files
async def test_every_real_tps_of_dki_is_accounted_for(tmp_path: Path) -> None:
    found = plan(_SHARED / "sirekap-ppwp-tps")

    told = await _fed(found, IngestInMemory(wilayah_of("31").offices), tmp_path / "position.json")

    assert (found.province, told.files) == ("31", 1_053)
    assert told.complete
    assert told.states["rejected"] + told.states["refused"] == 0
    assert told.states["held"] > 0


@_real_files
async def test_every_real_recapitulation_of_jawa_barat_is_accounted_for(tmp_path: Path) -> None:
    found = plan(_SHARED / "sirekap-pilkada-jabar")

    told = await _fed(found, IngestInMemory(wilayah_of("32").offices), tmp_path / "position.json")

    assert dict(told.states) == {"accepted": 56}
    assert sorted(Path(other).name for other in found.others) == [
        "pkwkk_32xx.json",
        "pkwkp_32.json",
        "wilayah_kabko_32.json",
    ]
