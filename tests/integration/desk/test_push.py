"""What an operator pushes arrives once, over any link."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from services.desk.core.ending import Ending
from services.desk.core.portion import CHANGES_MAX
from tests.builders import OFFICE, TPS, a_pemilih_submission, a_submission, a_tps, ndjson
from tests.eventually import eventually
from tests.integration.desk.operator import Operator
from tests.integration.ingest.process import Ingest

VOTERS = [a_submission(a_pemilih_submission(serial)) for serial in range(1, CHANGES_MAX + 300)]
GOOD = a_submission(a_tps(), id="tps-1")
BAD: dict[str, Any] = {"type": "tps.recorded.v1", "data": {"pemilihan": "pilkada-2024"}}


async def stamped(ingest: Ingest) -> dict[str, int]:
    async with ingest.client() as client:
        lanes = (await client.get("/v1/status")).json()["lanes"]
    return {lane: told["stamped"] for lane, told in lanes.items()}


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


async def test_a_file_of_changes_arrives_and_arrives_once(operator: Operator, ingest: Ingest, tmp_path: Path) -> None:
    file = written(tmp_path, "pemilih.ndjson", ndjson(VOTERS))
    said = await operator.run("push", file)
    assert said.ending is Ending.DONE, said
    assert "2.299 perubahan diterima, 0 sudah pernah diterima, 0 ditolak" in said.out
    again = await operator.run("--lang", "en", "push", file)
    assert "0 changes taken, 2,299 taken before, 0 refused" in again.out
    assert await stamped(ingest) == {"hasil": 0, "pemilih": len(VOTERS)}


async def test_a_bad_line_is_named_by_its_number_and_its_neighbours_are_taken(
    operator: Operator, ingest: Ingest, tmp_path: Path
) -> None:
    content = b"\n".join([orjson.dumps(GOOD), b"", orjson.dumps(BAD), b"{broken", b""])
    file = written(tmp_path, "campur.ndjson", content)
    said = await operator.run("push", file, "--json")
    assert said.ending is Ending.INCOMPLETE
    [answer] = said.answer
    assert (answer["accepted"], answer["exit"]) == (1, 1)
    assert {(error["line"], error["code"]) for error in answer["errors"]} >= {(3, "FIELD-MISSING"), (4, "JSON-INVALID")}
    shown = await operator.run("kirim", file)
    assert "FIELD-MISSING" in shown.out
    assert "Lengkapi isian yang disebut." in shown.out
    assert (await stamped(ingest))["hasil"] == 1


async def test_a_nik_in_a_bad_line_is_never_shown(operator: Operator, tmp_path: Path) -> None:
    voter = VOTERS[0]["data"]
    file = written(
        tmp_path, "pemilih.ndjson", ndjson([{**VOTERS[0], "data": {**voter, "jenis_kelamin": voter["nik"]}}])
    )
    said = await operator.run("push", file)
    assert said.ending is Ending.REFUSED
    assert "FIELD-INVALID" in said.out
    assert voter["nik"] not in said.out + said.aside


async def test_every_kind_of_event_file_finds_its_way(operator: Operator, ingest: Ingest, tmp_path: Path) -> None:
    other = a_submission(a_tps(TPS[:-1] + "2"), id="tps-2")
    said = await operator.run(
        "push",
        written(tmp_path, "satu.json", orjson.dumps(GOOD)),
        written(tmp_path, "beberapa.json", orjson.dumps([GOOD, other])),
        "--json",
    )
    assert said.ending is Ending.DONE, said
    assert [(one["way"], one["accepted"], one["repeated"]) for one in said.answer] == [
        ("single", 1, 0),
        ("batch", 1, 1),
    ]
    repeated_poll = {"administrasi": None, "chart": {"100025": 3}, "psu": "PSU"}
    file = written(tmp_path, f"{TPS}.json", orjson.dumps(repeated_poll))
    # First as it is, which is held for what it lacks; then with what the office alone knows. The file never says that:
    # handed over once more it takes nothing back.
    explained = ("--dokumen", "BA-12/PPK", "--jabatan", "Ketua KPPS")
    for options, taken in (((), (1, 0)), (explained, (1, 0)), ((), (0, 1))):
        said = await operator.run("kirim", file, *options, "--json")
        assert (said.answer[0]["accepted"], said.answer[0]["repeated"]) == taken, said
    assert (await stamped(ingest))["hasil"] == 4


async def test_a_push_that_is_cut_short_goes_on_where_it_was(
    operator: Operator, ingest: Ingest, tmp_path: Path
) -> None:
    file = written(tmp_path, "pemilih.ndjson", ndjson(VOTERS))
    operator.patience = 60
    process = await operator.start("push", file)
    try:

        async def some_have_arrived() -> bool:
            return (await stamped(ingest))["pemilih"] >= CHANGES_MAX

        await eventually(some_have_arrived, within_seconds=30)
    finally:
        process.kill()
        await process.communicate()
    said = await operator.run("push", file)
    assert said.ending is Ending.DONE
    assert await stamped(ingest) == {"hasil": 0, "pemilih": len(VOTERS)}


async def test_a_link_that_comes_back_is_used_again(operator: Operator, ingest: Ingest, tmp_path: Path) -> None:
    file = written(tmp_path, "tps.ndjson", ndjson([GOOD]))
    ingest.kill()
    operator.patience = 60
    process = await operator.start("push", file)
    assert process.stderr is not None
    waiting = await asyncio.wait_for(process.stderr.readline(), 30)
    assert "dicoba lagi dalam" in waiting.decode()
    ingest.start()
    await ingest.answers()
    out, aside = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, aside
    assert "1 perubahan diterima" in out.decode()


async def test_a_service_that_stays_away_ends_with_its_own_code(
    operator: Operator, ingest: Ingest, tmp_path: Path
) -> None:
    ingest.kill()
    said = await operator.run("push", written(tmp_path, "tps.ndjson", ndjson([GOOD])))
    ingest.start()
    await ingest.answers()
    assert said.ending is Ending.UNREACHABLE
    assert "Ulangi perintah yang sama" in said.aside


async def test_a_key_of_nobody_is_said_to_be_so(operator: Operator, tmp_path: Path) -> None:
    (operator.home / "kunci").write_text("kunci-lama")
    said = await operator.run("push", written(tmp_path, "tps.ndjson", ndjson([GOOD])))
    assert said.ending is Ending.KEY_REFUSED
    assert "KEY-UNKNOWN" in said.aside
    assert "kunci-lama" not in said.out + said.aside


async def test_a_file_of_no_known_kind_is_not_sent(operator: Operator, ingest: Ingest, tmp_path: Path) -> None:
    said = await operator.run("push", written(tmp_path, "foto.jpg", b"\xff\xd8\xff\xe0"), tmp_path / "tidak-ada.csv")
    assert said.ending is Ending.USAGE
    assert "jenis berkas tidak dikenal" in said.aside
    assert "tidak dapat dibaca" in said.aside
    assert await stamped(ingest) == {"hasil": 0, "pemilih": 0}


async def test_a_watched_folder_is_pushed_once_and_only_what_has_settled(
    operator: Operator, ingest: Ingest, tmp_path: Path
) -> None:
    folder = tmp_path / "kiriman"
    folder.mkdir()
    written(folder, "tps.ndjson", ndjson([GOOD]))
    written(folder, "tps.ndjson.part", ndjson([BAD]))
    first = await operator.run("watch", folder, "--once", "--every", "0.2", "--json")
    assert first.ending is Ending.DONE, first
    assert first.answer["accepted"] == 1
    second = await operator.run("pantau", folder, "--once", "--every", "0.2", "--json")
    assert (second.ending, second.out) == (Ending.DONE, "")
    written(folder, "tps.ndjson", ndjson([GOOD, a_submission(a_tps(TPS[:-1] + "2"), id="tps-2")]))
    third = await operator.run("watch", folder, "--once", "--every", "0.2", "--json")
    assert (third.answer["accepted"], third.answer["repeated"]) == (1, 1)
    assert (await stamped(ingest))["hasil"] == 2


async def test_what_was_pushed_is_listed_with_how_far_it_is(operator: Operator, tmp_path: Path) -> None:
    await operator.run("push", written(tmp_path, "tps.ndjson", ndjson([GOOD])))
    listed = await operator.run("receipts", "--json")
    [push] = listed.answer
    assert (push["accepted"], push["refused"], push["state"]) == (1, 0, "spooled")
    shown = await operator.run("tanda-terima")
    assert "tersimpan di kantor" in shown.out
    one = await operator.run("receipts", "tps-1", "--json")
    assert (one.answer["state"], one.answer["sequence"]) == ("spooled", 1)
    unknown = await operator.run("receipts", "tps-404")
    assert unknown.ending is Ending.REFUSED
    assert "NOT-FOUND" in unknown.aside


async def test_login_tries_the_key_and_then_remembers_it(operator: Operator, ingest: Ingest) -> None:
    del ingest
    operator.environ = {"SATUPETA_KEY_FILE": ""}
    refused = await operator.run("login", stdin="kunci-salah\n")
    assert refused.ending is Ending.KEY_REFUSED
    assert not (operator.home / ".config").exists()
    said = await operator.run("masuk", stdin=f"kunci-{OFFICE}\n")
    assert said.ending is Ending.DONE, said
    operator.environ |= {"SATUPETA_INGEST": ""}
    status = await operator.run("status", "--json")
    assert status.answer["ingest"]["office"] == OFFICE
    kept = operator.home / ".config/satupeta" / f"key-{OFFICE}"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert f"kunci-{OFFICE}" not in (kept.parent / "config.toml").read_text() + said.out + said.aside


async def test_login_takes_what_the_demo_left(operator: Operator, tmp_path: Path) -> None:
    addresses = tmp_path / "addresses"
    addresses.write_text(
        f"GATEWAY=http://127.0.0.1:1\nINGEST_{OFFICE}={operator.ingest}\nKEY_{OFFICE}=kunci-{OFFICE}\n"
    )
    operator.environ = {"SATUPETA_INGEST": "", "SATUPETA_KEY_FILE": ""}
    said = await operator.run("login", "--addresses", addresses, "--office", OFFICE)
    assert said.ending is Ending.DONE, said
    missing = await operator.run("login", "--addresses", addresses, "--office", "3201")
    assert missing.ending is Ending.USAGE
    assert "INGEST_3201" in missing.aside
    status = await operator.run("status", "--patience", "0")
    assert status.ending is Ending.UNREACHABLE, "the gateway is away"
    assert "Catatan kantor" in status.out


async def test_the_status_page_of_the_service_is_what_the_desk_shows(operator: Operator, ingest: Ingest) -> None:
    async with httpx.AsyncClient(base_url=operator.ingest) as client:
        answer = await client.get("/v1/status", headers={"Authorization": f"Bearer kunci-{OFFICE}"})
    said = await operator.run("status", "--json")
    assert said.answer == {"ingest": answer.json(), "gateway": None}
    assert ingest.process is not None


async def test_the_files_of_the_first_day_say_what_the_first_day_says(operator: Operator) -> None:
    examples = Path(__file__).parents[3] / "docs/contoh"
    said = await operator.run("push", examples / "banjar-tps.ndjson", examples / "banjar-c-hasil.csv", "--json")
    assert said.ending is Ending.INCOMPLETE, said
    registrations, forms = said.answer
    assert registrations["accepted"] == 3
    assert (forms["job"]["counts"]["new"], forms["job"]["counts"]["unusable"]) == (2, 1)
    assert [problem["place"] for problem in forms["problems"]] == ["AD4"]


@pytest.fixture
def heeded_interrupt() -> Iterator[None]:
    """Have a child heed Ctrl-C: one of a shell's background job would inherit that it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeded_interrupt")
async def test_ctrl_c_ends_a_watch_with_its_own_code(operator: Operator, tmp_path: Path) -> None:
    process = await operator.start("watch", tmp_path)
    assert process.stderr is not None
    assert b"Memantau" in await asyncio.wait_for(process.stderr.readline(), 30)
    process.send_signal(signal.SIGINT)
    _, aside = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == Ending.INTERRUPTED
    assert "Dihentikan." in aside.decode()
