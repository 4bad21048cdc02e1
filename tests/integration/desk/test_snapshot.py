"""A list as an office has it: pushed whole, answered by cell, and nothing is taken back without a person."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from services.desk.core.ending import Ending
from tests.builders import a_pemilih_submission
from tests.integration.desk.operator import Operator
from tests.integration.ingest.process import Ingest

COLUMNS = (
    "nkk", "nik", "nama", "tempat_lahir", "tanggal_lahir", "status_kawin", "jenis_kelamin", "alamat", "rt", "rw",
    "disabilitas", "ktp_el", "keterangan", "desa", "tps",
)  # fmt: skip


def voters(first: int, last: int) -> list[dict[str, Any]]:
    return [a_pemilih_submission(serial).model_dump(mode="json") for serial in range(first, last + 1)]


def table(rows: list[dict[str, Any]]) -> bytes:
    """Return a list as an office saves it: semicolons, headers of the form, a title that names the desa."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    desa = rows[0]["desa"]
    writer.writerow([f"DAFTAR PEMILIH, KODE WILAYAH {desa}"])
    writer.writerow(COLUMNS)
    writer.writerows([row.get(column) or "" for column in COLUMNS] for row in rows)
    return out.getvalue().encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "berkas"
    made.mkdir()
    return made


async def test_a_list_is_taken_once_and_its_gaps_are_proposals(
    operator: Operator, ingest: Ingest, folder: Path
) -> None:
    file = folder / "pemilih.csv"
    file.write_bytes(table(voters(1, 60)))
    first = await operator.run("push", file)
    assert first.ending is Ending.DONE, first
    assert "60 baris; 60 baru, 0 berubah, 0 sama" in first.out
    again = await operator.run("push", file)
    assert "60 baris; 0 baru, 0 berubah, 60 sama" in again.out
    file.write_bytes(table(voters(4, 60)))
    shorter = await operator.run("push", file)
    assert shorter.ending is Ending.UNDECIDED, shorter
    assert "Belum diputuskan; datanya tetap." in shorter.aside
    for voter in voters(1, 3):
        assert voter["nik"] not in shorter.out + shorter.aside
        assert voter["nama"] not in shorter.out + shorter.aside
    waiting = await operator.run("gone", "--json")
    [job] = waiting.answer
    assert (waiting.ending, job["decisions"]) == (Ending.UNDECIDED, {"proposed": 3})
    guessed = await operator.run("hilang", job["id"], "--confirm", 30, "--reason", "pindah domisili")
    assert guessed.ending is Ending.UNDECIDED
    assert "Yang hilang 3, bukan 30" in guessed.aside
    unexplained = await operator.run("hilang", job["id"], "--confirm", 3)
    assert unexplained.ending is Ending.UNDECIDED, "nothing is taken back without a reason"
    beyond = await operator.run("hilang", job["id"], "--baris", "2-4", "--confirm", 3, "--reason", "pindah")
    assert (beyond.ending, "expected 1 to 3" in beyond.aside) == (Ending.REFUSED, True)
    listed = await operator.run("hilang", job["id"], "--limit", 2)
    assert f"satupeta hilang {job['id']} --after 2" in listed.out
    some = ("hilang", job["id"], "--baris", "1,3", "--alasan", "pindah", "--jabatan", "kasubbag", "--confirm")
    for taken_back in (2, 0):
        # The second time stands for an answer that was lost: what has been decided is told, nothing is done twice.
        partly = await operator.run(*some, 2)
        assert partly.ending is Ending.UNDECIDED, partly
        assert f"{taken_back} data ditarik" in partly.out
        assert "Berkas itu sekarang: 2 ditarik, 0 dibiarkan, 0 sudah berubah, 1 menunggu." in partly.out
    ingest.kill()
    ingest.start()
    await ingest.answers()
    decided = await operator.run("hilang", job["id"], "--confirm", 1, "--reason", "pindah", "--role", "kasubbag")
    assert decided.ending is Ending.DONE, decided
    assert "1 data ditarik" in decided.out
    assert (await operator.run("gone")).ending is Ending.DONE
    async with ingest.client() as client:
        lanes = (await client.get("/v1/status")).json()["lanes"]
    assert lanes["pemilih"]["stamped"] == 63
    newest = (await operator.run("receipts", "--json")).answer[0]
    assert (newest["accepted"], newest["repeated"], newest["refused"]) == (0, 57, 0)


async def test_a_problem_is_named_by_its_cell_and_costs_only_its_row(operator: Operator, folder: Path) -> None:
    rows = voters(1, 20)
    rows[4]["nik"] = "3.2E+15"
    rows[9]["jenis_kelamin"] = "X"
    (folder / "pemilih.csv").write_bytes(table(rows))
    said = await operator.run("push", folder / "pemilih.csv", "--json")
    assert said.ending is Ending.INCOMPLETE, said
    [answer] = said.answer
    assert answer["job"]["counts"]["new"] == 18
    assert {"B7", "G12"} <= {problem["place"] for problem in answer["problems"]}
    copy = folder / "pemilih.ditandai.xlsx"
    assert answer["marked"].endswith("/berkas/pemilih.ditandai.xlsx")
    assert copy.read_bytes().startswith(b"PK")
    shown = await operator.run("push", folder / "pemilih.csv")
    assert "B7" in shown.out
    assert "pemilih.ditandai-2.xlsx" in shown.out
    assert "tidak terpakai" in shown.out


async def test_disappeared_rows_may_be_left_as_they_are_at_once(operator: Operator, folder: Path) -> None:
    file = folder / "pemilih.csv"
    file.write_bytes(table(voters(1, 10)))
    await operator.run("push", file)
    file.write_bytes(table(voters(1, 8)))
    said = await operator.run("push", file, "--dismiss", "--reason", "berkas tidak lengkap", "--json")
    assert said.ending is Ending.DONE, said
    assert said.answer[0]["decided"] == {"dismissed": 2, "decisions": {"dismissed": 2}}


async def test_a_file_that_is_no_table_is_refused_with_its_reason(operator: Operator, folder: Path) -> None:
    (folder / "surat.csv").write_text("Dengan hormat,\nbersama ini kami sampaikan\n")
    (folder / "pindaian.csv").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n")
    letter = await operator.run("push", folder / "surat.csv", "--json")
    assert letter.ending is Ending.REFUSED, letter
    assert letter.answer[0]["causes"]
    scan = await operator.run("push", folder / "pindaian.csv")
    assert scan.ending is Ending.REFUSED, scan
    assert "pindaian.csv ditolak: FILE-" in scan.out


async def test_a_watched_folder_takes_a_list_and_does_not_wait_for_decisions(operator: Operator, folder: Path) -> None:
    (folder / "pemilih.csv").write_bytes(table(voters(1, 10)))
    said = await operator.run("watch", folder, "--once", "--every", "0.2", "--json")
    assert (said.ending, said.answer["job"]["counts"]["new"]) == (Ending.DONE, 10)
    (folder / "pemilih.csv").write_bytes(table(voters(1, 9)))
    shorter = await operator.run("watch", folder, "--once", "--every", "0.2", "--json")
    assert (shorter.ending, shorter.answer["job"]["state"]) == (Ending.UNDECIDED, "waiting")
    third = await operator.run("watch", folder, "--once", "--every", "0.2", "--json")
    assert (third.ending, third.out) == (Ending.DONE, "")
