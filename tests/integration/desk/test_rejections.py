"""Forty rejections with one cause are one line, and one command sends them again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest

from contracts.verdict import Tier
from services.desk.core.ending import Ending
from tests.builders import (
    OFFICE,
    TPS,
    a_c_hasil,
    a_finding,
    a_line,
    a_pemilih,
    a_pemilih_submission,
    a_submission,
    an_objection,
    ndjson,
)
from tests.eventually import eventually
from tests.integration.desk.operator import Operator
from tests.integration.gateway.serving import serving
from tests.integration.ingest.process import Ingest
from tests.integration.ingest.test_delivery import tell
from tests.integration.sync.store_of_one import a_record_of, fed_store
from tests.servers import Kafka

KNOWN = a_finding("RES-TPS-KNOWN", Tier.REJECT)
NUMBERS = range(1, 41)
FORMS = [a_submission(a_c_hasil(f"{TPS[:-3]}{number:03}"), id=f"hasil-{number}") for number in NUMBERS]
REJECTED = [
    an_objection(
        sequence=number,
        id=f"hasil-{number}",
        type="c_hasil.recorded.v1",
        subject=f"c_hasil/pkwkp-2024/{TPS[:-3]}{number:03}",
        findings=[KNOWN],
    )
    for number in NUMBERS
]


@pytest.fixture
async def delivering(tmp_path: Path, keys_folder: Path, kafka_fresh: Kafka) -> AsyncIterator[Ingest]:
    """Return an ingest that hears of rejections."""
    (tmp_path / "delivering").mkdir()
    process = Ingest(tmp_path / "delivering", keys_folder, kafka_fresh.bootstrap_servers)
    process.start()
    await process.answers()
    yield process
    process.stop()


@pytest.fixture
def operator(tmp_path: Path, delivering: Ingest) -> Operator:
    """Return an operator of the office."""
    return Operator(tmp_path / "rumah", f"http://127.0.0.1:{delivering.port}")


async def test_one_cause_is_one_line_and_one_command(
    operator: Operator, tmp_path: Path, kafka_fresh: Kafka, store: str, store_as_reader: str
) -> None:
    file = tmp_path / "hasil.ndjson"
    file.write_bytes(ndjson(FORMS))
    assert (await operator.run("push", file)).ending is Ending.DONE
    none = await operator.run("rejections")
    assert none.ending is Ending.DONE
    assert f"Tidak ada penolakan untuk kantor {OFFICE}" in none.out
    await tell(kafka_fresh, *REJECTED)

    async def heard() -> bool:
        said = await operator.run("rejections", "--json")
        return [(one["code"], one["changes"]) for one in said.answer["causes"]] == [("RES-TPS-KNOWN", len(FORMS))]

    await eventually(heard, within_seconds=30)
    assert (await operator.run("receipts", "hasil-7", "--json")).answer["state"] == "rejected"
    async with fed_store(store) as sync, serving(store_as_reader) as gateway:
        await sync.store.write_feedback(REJECTED, [], {}, {})
        operator.gateway = str(gateway.base_url).rstrip("/")
        shown = await operator.run("penolakan", "--code", "RES-TPS-KNOWN", "--limit", "5")
        assert shown.ending is Ending.INCOMPLETE
        assert "satupeta kirim-ulang RES-TPS-KNOWN" in shown.out
        assert "RES-TPS-KNOWN: 5 terbaru" in shown.out
        told = await operator.run("rejections", "--json")
        assert told.answer["causes"][0]["example"]["pesan"] == KNOWN.pesan
        other = await operator.run("rejections", "--lane", "pemilih")
        assert other.ending is Ending.DONE
    again = await operator.run("kirim-ulang", "RES-TPS-KNOWN")
    assert again.ending is Ending.DONE
    assert "RES-TPS-KNOWN: 40 perubahan dikirim ulang." in again.out
    assert (await operator.run("resend", "RES-TPS-KNOWN", "--json")).answer["resent"] == 0
    assert (await operator.run("rejections", "--patience", "0")).ending is Ending.DONE
    unknown = await operator.run("resend", "bukan kode")
    assert (unknown.ending, "QUERY-INVALID" in unknown.aside) == (Ending.REFUSED, True)


async def test_a_held_voter_is_known_to_her_own_office_and_returned_by_it(
    operator: Operator, delivering: Ingest, kafka_fresh: Kafka, store: str, store_as_reader: str
) -> None:
    file = operator.home / "pemilih.ndjson"
    file.write_bytes(ndjson([a_submission(a_pemilih_submission(), id="warga-1")]))
    assert (await operator.run("push", file)).ending is Ending.DONE
    line = a_line(a_pemilih(a_pemilih_submission()))
    subject, digest = (orjson.loads(line)[name] for name in ("subject", "digest"))
    held = an_objection("held", lane="pemilih", id="warga-1", subject=subject, type="pemilih.recorded.v1")
    await tell(kafka_fresh, held)

    async def heard() -> bool:
        return bool((await operator.run("receipts", "warga-1", "--json")).answer["state"] == "held")

    await eventually(heard, within_seconds=30)
    async with fed_store(store) as sync, serving(store_as_reader) as gateway:
        await sync.merge(a_record_of([line], offset=0, lane="pemilih", held=[1]))
        operator.gateway = str(gateway.base_url).rstrip("/")
        said = await operator.run("ditahan", "--code", a_finding().code, "--json")
        assert [(one["digest"], one["desa"]) for one in said.answer["voters"]] == [(digest, TPS[:10])]
        shown = await operator.run("ditahan", "--code", a_finding().code)
        assert digest in shown.out
        voter = a_pemilih_submission()
        for canary in (voter.nik, voter.nama, subject.rpartition("/")[2]):
            assert canary not in said.out + shown.out
        group = ("--code", a_finding().code, "--lane", "pemilih", "--semua", 1)
        returned = await operator.run("putuskan", "kembalikan", *group, "--alasan", "KTP-el", "--jabatan", "Kasubbag")
        assert (returned.ending, "1 putusan dicatat" in returned.out) == (Ending.DONE, True), returned
    async with delivering.client() as client:
        first = (await client.get("/v1/held", params={"limit": 1})).json()
        rest = (await client.get("/v1/held", params={"limit": 1, "after": first["next"]})).json()
        assert ([one["id"] for one in first["held"]], rest["held"]) == (["warga-1"], [])
        assert (await client.get("/v1/held", params={"after": "x"})).json()["code"] == "QUERY-INVALID"
