"""Sirekap files of both shapes, with the oddities that real ones have."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any, Final

import orjson
import pytest

from contracts.events import CHasilV1
from services.ingest.core.readers.sirekap import Why, change_in, explained_as_before
from services.ingest.core.refusal import RefusedError
from services.ingest.core.statement import Reader, Statement
from tests.builders import KEYS, a_line

SAMPLES: Final = Path(os.environ.get("SATUPETA_SAMPLES", Path(__file__).parents[4] / "shared" / "data"))
BOXES: Final = {
    f"{row}_{column}": 1
    for row in ("pemilih_dpt", "pengguna_dpt", "pengguna_dptb", "pengguna_total", "pengguna_non_dpt")
    for column in "lpj"
} | {"suara_sah": 6, "suara_tidak_sah": 0, "suara_total": 6}


def a_tps_file(**fields: Any) -> dict[str, Any]:
    file = {
        "mode": "hhcw",
        "chart": {"null": None, "100025": 1, "100026": 2, "100027": 3},
        "images": ["https://example.org/a/3101011001001-1.jpg", None],
        "administrasi": BOXES,
        "psu": None,
        "ts": "2024-02-16 16:25:10",
        "status_suara": True,
        "status_adm": True,
    }
    return {**file, **fields}


def a_recap_file(**chart: Any) -> dict[str, Any]:
    progres = {"total": 285, "persen": 97.89, "progres": 279}
    row = {"psu": "Reguler", "1000626": 7, "progres": progres, "status_progress": True}
    return {
        "mode": "hhcw",
        "tungsura": {"chart": {"1000626": 7, "progres": progres, **chart}, "table": {"327901": row}},
        "psu": "Reguler",
        "progres": {"total": 285, "progres": 279},
        "ts": "2024-11-28 00:45:00",
    }


def read(file: Any, nama: str, kontes: str | None, office: str) -> Statement:
    raw = file if isinstance(file, bytes) else orjson.dumps(file)
    return Reader(office, KEYS).read(change_in(raw, nama=nama, kontes=kontes), 0)


def form(file: dict[str, Any]) -> dict[str, Any]:
    loaded: dict[str, Any] = orjson.loads(read(file, "3101011001001.json", None, "3101").data)
    return loaded


def recap(file: dict[str, Any]) -> dict[str, Any]:
    loaded: dict[str, Any] = orjson.loads(read(file, "32/3279.json", "pkwkp-2024", "3279").data)
    return loaded


def codes_of(file: Any, nama: str = "3101011001001.json", kontes: str | None = None) -> list[str]:
    with pytest.raises(RefusedError) as refused:
        read(file, nama, kontes, "3101")
    return [refusal.code for refusal in refused.value.refusals]


def test_a_tps_becomes_its_form() -> None:
    found = form(a_tps_file())
    assert found["kontes"] == "ppwp-2024"
    assert found["tps"] == "3101011001001"
    assert found["perolehan_suara"] == {"100025": 1, "100026": 2, "100027": 3}
    assert found["foto"] == ["3101011001001-1.jpg"]
    assert found["waktu_sumber"] == "2024-02-16 16:25:10"


def test_voters_on_no_list_are_dpk() -> None:
    found = form(a_tps_file())
    assert found["pengguna_dpk_j"] == 1
    assert not [name for name in found if "non_dpt" in name]


@pytest.mark.parametrize("chart", [None, {"null": None}, {}])
def test_votes_that_were_not_read_are_null(chart: dict[str, Any] | None) -> None:
    assert "perolehan_suara" not in form(a_tps_file(chart=chart))


def test_a_block_that_was_not_read_is_null_and_not_zero() -> None:
    assert "suara_sah" not in form(a_tps_file(administrasi=None, images=[None, None, None]))


def test_a_file_without_mode_is_read() -> None:
    file = a_tps_file()
    del file["mode"]
    assert form(file)["suara_sah"] == 6


def test_a_regular_result_says_no_reason() -> None:
    assert "koreksi" not in form(a_tps_file(psu="Reguler"))


def test_a_repeated_poll_says_what_sirekap_says_of_it_and_no_more() -> None:
    marked = form(a_tps_file(psu=" PSU "))
    assert (marked["jenis_kejadian"], marked["koreksi"]) == ("psu", {"alasan": "Sirekap menandai hasil ini PSU"})
    assert form(a_tps_file(psu="Hitung Ulang"))["jenis_kejadian"] == "hitung_ulang"
    # Whoever has the berita acara in hand adds its number; nobody else can know it.
    raw = orjson.dumps(a_tps_file(psu="PSU"))
    why = Why(dokumen="BA-12/PPK/2024", jabatan="Ketua KPPS")
    added = orjson.loads(change_in(raw, nama="3101011001001.json", kontes=None, why=why))["data"]["koreksi"]
    assert added == {**marked["koreksi"], "dokumen": "BA-12/PPK/2024", "jabatan": "Ketua KPPS"}
    # With other figures it is another result, and what was said of the first one says nothing of it.
    newest = a_line(CHasilV1.model_validate({**marked, "koreksi": added}), source="3101")
    for chart, koreksi in ((None, added), ({"100025": 9}, marked["koreksi"])):
        file = a_tps_file(psu="PSU") if chart is None else a_tps_file(psu="PSU", chart=chart)
        again = explained_as_before(change_in(orjson.dumps(file), nama="3101011001001.json", kontes=None), newest)
        assert orjson.loads(again)["data"]["koreksi"] == koreksi
    with pytest.raises(RefusedError) as refused:
        change_in(orjson.dumps(a_tps_file()), nama="3101011001001.json", kontes=None, why=why)
    assert [refusal.pointer for refusal in refused.value.refusals] == ["/alasan"]


def test_a_recapitulation_has_a_row_for_each_child() -> None:
    found = recap(a_recap_file())
    assert (found["kontes"], found["jalur"], found["wilayah"]) == ("pkwkp-2024", "hitung", "3279")
    assert (found["tps_masuk"], found["tps_total"]) == (279, 285)
    assert found["rincian"] == {
        "327901": {"perolehan_suara": {"1000626": 7}, "psu": "Reguler", "tps_masuk": 279, "tps_total": 285}
    }


def test_a_wilayah_with_several_lists_has_no_votes_of_its_own() -> None:
    file = a_recap_file()
    del file["tungsura"]["chart"]["1000626"]
    assert recap(file)["perolehan_suara"] is None


def test_the_file_of_the_province_is_a_statement_of_the_provincial_office() -> None:
    assert read(a_recap_file(), "32.json", "pkwkk-2024", "32").subject == "d_hasil/pkwkk-2024/hitung/32"


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "JSON-INVALID"),
        (b"[]", "SIREKAP-UNKNOWN"),
        (b"{}", "SIREKAP-UNKNOWN"),
        (b"\xff", "ENCODING-INVALID"),
        (b'{"administrasi":null,"administrasi":null}', "JSON-KEY-TWICE"),
        (b"[" * 100_000, "JSON-INVALID"),
        (b'{"administrasi":{"suara_sah":' + b"9" * 6_000 + b"}}", "JSON-INVALID"),
        (b'{"administrasi":{"suara_sah":NaN}}', "JSON-INVALID"),
        ({"administrasi": []}, "SIREKAP-UNKNOWN"),
        ({"administrasi": {"suara_sah": "6"}}, "RES-NONNEG-INT"),
        (b'{"administrasi":{"suara_sah":99999999999999999999999}}', "RES-NONNEG-INT"),
        ({"administrasi": {"suara_baru": 6}}, "SIREKAP-UNKNOWN"),
        ({"administrasi": None, "chart": {"null": 5}}, "SIREKAP-UNKNOWN"),
        ({"administrasi": None, "chart": 5}, "SIREKAP-UNKNOWN"),
        ({"administrasi": None, "chart": {"AMIN": 5}}, "FIELD-INVALID"),
        ({"tungsura": 5}, "QUERY-INVALID"),
        ({"administrasi": None, "images": ["\u202e/" + "x" * 300]}, None),
    ],
)
def test_a_file_of_another_shape_is_answered(file: Any, code: str | None) -> None:
    if code is None:
        assert read(file, "3101011001001.json", None, "3101")
    else:
        assert code in codes_of(file)


@pytest.mark.parametrize("nama", ["", "3101.json", "3101011001001.txt", "../../etc/passwd"])
def test_the_name_must_name_the_tps(nama: str) -> None:
    assert codes_of(a_tps_file(), nama) == ["QUERY-INVALID"]


def test_a_kontes_must_exist() -> None:
    assert codes_of(a_tps_file(), kontes="pilkades-2024") == ["QUERY-INVALID"]


def test_a_recapitulation_without_a_kontes_could_be_of_either() -> None:
    assert codes_of(a_recap_file(), "3101.json") == ["QUERY-INVALID"]


@pytest.mark.skipif(not (SAMPLES / "sirekap-ppwp-tps").exists(), reason="real Sirekap files are not at hand")
def test_every_real_file_of_a_tps_is_read() -> None:
    count = 0
    for archive in sorted((SAMPLES / "sirekap-ppwp-tps").glob("*.zip")):
        with zipfile.ZipFile(archive) as files:
            for name in files.namelist():
                if name.endswith(".json"):
                    tps = Path(name).stem
                    file = orjson.loads(files.read(name))
                    found = orjson.loads(read(files.read(name), name, None, tps[:4]).data)
                    assert ("suara_sah" in found) == (file["administrasi"] is not None)
                    count += 1
    assert count == 1_053


@pytest.mark.skipif(not (SAMPLES / "sirekap-pilkada-jabar").exists(), reason="real Sirekap files are not at hand")
def test_every_real_recapitulation_is_read() -> None:
    count = 0
    for path in sorted((SAMPLES / "sirekap-pilkada-jabar").glob("*/pkwk?/**/*.json")):
        kontes = f"{path.parent.parent.name}-2024"
        statement = read(path.read_bytes(), path.name, kontes, path.stem[:4])
        assert len(orjson.loads(statement.data)["rincian"]) == len(orjson.loads(path.read_bytes())["tungsura"]["table"])
        count += 1
    assert count == 56
