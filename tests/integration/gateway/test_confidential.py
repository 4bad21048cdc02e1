"""Canaries: a store full of voters, and careless offices, show nothing of anybody in any answer."""

from __future__ import annotations

import httpx

from contracts.verdict import Tier
from tests.builders import (
    KEYS,
    OFFICE,
    TPS,
    a_c_hasil,
    a_finding,
    a_line,
    a_pemilih,
    a_pemilih_submission,
    a_tps,
    an_objection,
)
from tests.integration.gateway.test_stream import watching
from tests.integration.sync.store_of_one import FedStore, a_record_of


async def test_no_answer_shows_anything_of_a_voter(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    people = [a_pemilih_submission(serial) for serial in range(1, 6)]
    voters = [a_pemilih(person) for person in people]
    canaries: set[str] = set()
    for person, voter in zip(people, voters, strict=True):
        canaries |= {person.nik, person.nkk or "", person.nama, voter.nik_token, voter.match.k1, voter.match.k4}
        canaries.add(voter.pribadi)
    canaries -= {""}
    nik = people[0].nik
    assert KEYS.nik_token(nik) in canaries

    await sync.merge(
        a_record_of(
            [a_line(voter, sequence=number, id=f"pemilih-{voter.nik_token}") for number, voter in enumerate(voters, 1)],
            offset=0,
            lane="pemilih",
            held=[2],
        )
    )
    careless = [
        a_line(a_tps(alamat=f"Rumah Bpk. {nik}"), id=f"tps-{nik}"),
        a_line(a_c_hasil(), sequence=2, id=f"form-{nik}"),
    ]
    await sync.merge(a_record_of(careless, offset=0, held=[2]))
    said = a_finding(
        "VTR-NIK-DATE", Tier.REJECT, seen=nik, pesan=f"NIK {nik} salah", message=f"token {voters[0].nik_token}"
    )
    refusals = [
        an_objection(
            lane="pemilih",
            sequence=number,
            id=f"ubah-{voter.nik_token}-{nik}",
            subject=f"pemilih/{OFFICE}/{voter.nik_token}",
            type="pemilih.recorded.v1",
            findings=[said],
        )
        for number, voter in enumerate(voters, start=10)
    ]
    await sync.store.write_feedback(refusals, [], {}, {})

    async with watching(gateway) as events:
        hello = await events.next()
    answers = [str(hello)]
    paths = [f"/v1/wilayah/{kode}" for kode in ("32", OFFICE, TPS[:6], TPS[:10])]
    paths += [
        f"/v1/tps/{TPS}",
        f"/v1/offices/{OFFICE}",
        "/v1/status",
        "/v1/rejections?limit=2",
        "/v1/rejections/by-code",
        "/v1/held",
        "/v1/held?group=true",
        "/v1/statistik?kontes=pkwkp-2024&wilayah=32",
    ]
    for path in paths:
        answer = await gateway.get(path)
        assert answer.status_code == 200, path
        answers.append(answer.text)
    page = await gateway.get("/v1/rejections?limit=2")
    answers.append((await gateway.get("/v1/rejections", params={"after": page.json()["next"]})).text)
    answers.append((await gateway.get("/metrics/")).text)
    assert "VTR-NIK-DATE" in "".join(answers)
    for canary in canaries:
        for text in answers:
            assert canary not in text
