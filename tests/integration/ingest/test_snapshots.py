"""Files on their way through a real ingest: over HTTP and a watched folder, with kills, into a real Kafka."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx
import orjson

from tests.builders import OFFICE, TPS, a_c_hasil, a_finding, a_pemilih_submission, a_submission, a_tps, an_objection
from tests.eventually import eventually
from tests.integration.ingest.process import Ingest, Topics
from tests.integration.ingest.test_delivery import lanes, published, push, tell
from tests.servers import Kafka

COLUMNS = ("nkk", "nik", "nama", "tempat_lahir", "tanggal_lahir", "status_kawin", "jenis_kelamin", "alamat", "rt", "rw")
REASON = {"alasan": "tidak ada lagi dalam daftar", "dokumen": "BA-4/PDPB/2025", "jabatan": "Ketua Divisi Data"}


def table(serials: Iterable[int], **changed: Any) -> bytes:
    """Return a voter list as an office has it, with every voter in one desa."""
    lines = [";".join((*COLUMNS, "desa", "tps"))]
    for serial in serials:
        voter = a_pemilih_submission(serial, **changed).model_dump(mode="json")
        lines.append(";".join(voter[name] or "" for name in (*COLUMNS, "desa", "tps")))
    return "\r\n".join(lines).encode("utf-8-sig")


async def hand_over(
    client: httpx.AsyncClient, body: bytes, nama: str = "daftar.csv", cakupan: tuple[str, ...] = ()
) -> str:
    named = {"nama": nama, "cakupan": list(cakupan)}
    headers = {"Content-Type": "application/octet-stream"}
    answer = await client.post("/v1/snapshots", params=named, content=body, headers=headers)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


async def ended(client: httpx.AsyncClient, identity: str) -> dict[str, Any]:
    async def done() -> dict[str, Any] | None:
        job: dict[str, Any] = (await client.get(f"/v1/snapshots/{identity}")).json()
        return job if job["state"] in {"waiting", "done", "refused"} else None

    return await eventually(done, within_seconds=60)


async def test_a_file_is_said_once_and_its_differences_after_that(running: Ingest, topic_reader: Topics) -> None:
    async with running.client() as client:
        first = await ended(client, await hand_over(client, table(range(1, 1_201))))
        assert (first["state"], first["counts"]["new"], first["jenis"]) == ("done", 1_200, "daftar_pemilih"), first
        same = await ended(client, await hand_over(client, table(range(1, 1_201))))
        assert (same["counts"]["same"], same["counts"]["new"], same["counts"]["changed"]) == (1_200, 0, 0)
        # Everybody in it votes at one TPS, and it names no place: it may be the list of that TPS.
        of_one = await ended(client, await hand_over(client, table(range(1, 1_199))))
        assert (of_one["state"], of_one["wilayah"], of_one["satu_tps"]) == ("done", [], [TPS[:10]])
        foreign = await client.post("/v1/snapshots", params={"nama": "daftar.csv", "cakupan": "3201011001"})
        assert (foreign.status_code, foreign.json()["code"]) == (422, "QUERY-INVALID")
        fewer = await ended(client, await hand_over(client, table(range(1, 1_199)), cakupan=(TPS[:10],)))
        assert (fewer["state"], fewer["counts"]["disappeared"]) == ("waiting", 2)
        assert (fewer["wilayah"], fewer["cakupan"], fewer["satu_tps"]) == ([TPS[:10]], [TPS[:10]], [])
        gone = (await client.get(f"/v1/snapshots/{fewer['id']}/disappeared")).json()["disappeared"]
        assert [one["nomor"] for one in gone] == [1, 2]
        assert all(one["desa"] == TPS[:10] and one["nama"] for one in gone)
        assert a_pemilih_submission(1_200).nik not in orjson.dumps(gone).decode()
        where = f"/v1/snapshots/{fewer['id']}/disappeared/confirm"
        nameless = await client.post(where, json={"nomor": "semua"})
        assert (nameless.status_code, nameless.json()["code"]) == (422, "FIELD-INVALID")
        for retracted in (2, 0):
            answer = await client.post(where, json={**REASON, "nomor": "semua"})
            assert answer.json() == {"retracted": retracted, "outdated": 0, "decisions": {"confirmed": 2}}
        await published(client, "pemilih", 1_202)
        listed = (await client.get("/v1/snapshots")).json()["snapshots"]
        assert [job["state"] for job in listed] == ["done"] * 4
    delivered = await topic_reader.delivered(OFFICE, "pemilih")
    kinds = [orjson.loads(line)["type"] for _, line in sorted(delivered.lines.items())]
    assert kinds == ["pemilih.recorded.v1"] * 1_200 + ["pemilih.retracted.v1"] * 2
    assert not list((running.data_folder / "berkas" / OFFICE).iterdir()), "no file lies there in clear any more"


async def test_a_row_that_is_wrong_is_told_by_its_cell_and_costs_no_other(running: Ingest) -> None:
    async with running.client() as client:
        body = table(range(1, 6)).replace(a_pemilih_submission(3).nik.encode(), b"3.279E+15")
        job = await ended(client, await hand_over(client, body))
        assert (job["counts"]["new"], job["counts"]["unusable"]) == (4, 1), job
        problems = (await client.get(f"/v1/snapshots/{job['id']}/problems")).json()["problems"]
        assert [problem["place"] for problem in problems] == ["B4"]
        groups = (await client.get(f"/v1/snapshots/{job['id']}/problems", params={"group": True})).json()["groups"]
        assert [(group["count"], group["code"]) for group in groups] == [(1, problems[0]["code"])]
        copy = await client.get(f"/v1/snapshots/{job['id']}/marked")
        assert (copy.status_code, copy.content[:2]) == (200, b"PK")
        unreadable = await ended(client, await hand_over(client, b"%PDF-1.7 bukan tabel", nama="daftar.pdf"))
        assert (unreadable["state"], unreadable["reason"].partition(":")[0]) == ("refused", "FILE-UNREADABLE")


async def test_a_file_survives_a_kill_while_it_is_read(running: Ingest, topic_reader: Topics) -> None:
    async with running.client() as client:
        identity = await hand_over(client, table(range(1, 9_001)))

        async def under_way() -> bool:
            return bool((await lanes(client))["pemilih"]["stamped"] > 1_000)

        await eventually(under_way)
    running.kill()
    running.start()
    await running.answers()
    async with running.client() as client:
        job = await ended(client, identity)
        assert (job["state"], job["counts"]["rows"]) == ("done", 9_000)
        assert job["counts"]["new"] + job["counts"]["same"] == 9_000
        await published(client, "pemilih", 9_000)
    delivered = await topic_reader.delivered(OFFICE, "pemilih")
    assert len({orjson.loads(line)["subject"] for line in delivered.lines.values()}) == len(delivered.lines) == 9_000
    assert not list((running.data_folder / "berkas" / OFFICE).iterdir())


async def test_a_watched_folder_is_emptied_beside_its_answers(ingest: Ingest, tmp_path: Path) -> None:
    watched = tmp_path / "masuk"
    ingest.watched_folder = watched
    ingest.start()
    await ingest.answers()
    folder = watched / OFFICE
    await eventually(folder.is_dir)
    body = table(range(1, 51)).replace(a_pemilih_submission(3).nik.encode(), b"3.279E+15")
    (folder / "daftar.csv").write_bytes(body)
    (folder / "foto.pdf").write_bytes(b"%PDF-1.7 bukan tabel")
    earlier = time.time() - 60
    os.utime(folder / "daftar.csv", (earlier, earlier))
    await eventually(lambda: len(list(folder.glob("*/*.jawaban.json"))) == 2, within_seconds=30)
    ingest.kill()
    ingest.start()
    await ingest.answers()
    await eventually(lambda: not [path for path in folder.iterdir() if path.is_file()], within_seconds=30)
    [answer] = (folder / "selesai").glob("*daftar.csv.jawaban.json")
    assert orjson.loads(answer.read_bytes())["counts"]["new"] == 49
    [problems] = (folder / "selesai").glob("*daftar.csv.masalah.csv")
    assert "B4" in problems.read_text("utf-8-sig")
    assert len(list((folder / "selesai").glob("*daftar.csv.ditandai.xlsx"))) == 1
    assert len(list((folder / "ditolak").glob("*foto.pdf"))) == 1
    async with ingest.client() as client:
        assert (await lanes(client))["pemilih"]["stamped"] == 49
        assert len((await client.get("/v1/snapshots")).json()["snapshots"]) == 2
    ingest.stop()


async def test_rejections_with_one_cause_are_one_ticket_with_one_action(running: Ingest, kafka_fresh: Kafka) -> None:
    places = [f"{TPS[:10]}{nth:03}" for nth in range(1, 41)]
    async with running.client() as client:
        await push(client, *[a_submission(a_c_hasil(place), id=f"formulir-{place}") for place in places])
        await tell(
            kafka_fresh,
            *[
                an_objection(sequence=nth, id=f"formulir-{place}", subject=f"c_hasil/pkwkp-2024/{place}")
                for nth, place in enumerate(places, start=1)
            ],
        )

        async def told() -> bool:
            causes = (await client.get("/v1/rejections")).json()["causes"]
            return [(cause["code"], cause["changes"]) for cause in causes] == [("RES-SUM-PASLON", 40)]

        await eventually(told)
        for resent in (40, 0):
            answer = await client.post("/v1/rejections/resend", params={"code": "RES-SUM-PASLON"})
            assert (answer.status_code, answer.json()["resent"]) == (202, resent)
        await published(client, "hasil", 80)
        assert not (await client.get("/v1/rejections")).json()["causes"]


async def test_a_form_that_waits_reaches_kafka_behind_the_registration_of_its_tps(
    running: Ingest, kafka_fresh: Kafka, topic_reader: Topics
) -> None:
    async with running.client() as client:
        await push(client, a_submission(a_c_hasil(), id="formulir"))
        await tell(kafka_fresh, an_objection(id="formulir", findings=[a_finding("RES-TPS-KNOWN")]))

        async def told() -> bool:
            return bool((await client.get("/v1/rejections")).json()["causes"])

        await eventually(told)
        await push(client, a_submission(a_tps(), id="tps"))
        await published(client, "hasil", 3)
    delivered = await topic_reader.delivered(OFFICE, "hasil")
    subjects = [orjson.loads(line)["subject"] for _, line in sorted(delivered.lines.items())]
    assert [subject.partition("/")[0] for subject in subjects] == ["c_hasil", "tps", "c_hasil"]
