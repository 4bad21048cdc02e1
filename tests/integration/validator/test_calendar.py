"""The province's calendar on a real Kafka: it binds the other lane, and outlives the validator that judged it."""

from __future__ import annotations

from datetime import UTC, datetime

from contracts.events.jadwal_v1 import MasaV1
from contracts.identifiers import jadwal_subject
from contracts.topics import REFERENCE
from tests.builders import (
    KONTES_GUBERNUR,
    OFFICE,
    PROVINCE,
    a_batch,
    a_c_hasil,
    a_d_hasil,
    a_jadwal,
    a_line,
    a_pemilih,
    a_tps,
)
from tests.integration.validator.process import Province, Validator


async def test_calendar_and_lock_outlive_the_validator(running: Validator, province: Province) -> None:
    closed = a_jadwal(masa=[MasaV1(mulai=datetime(2024, 6, 1, tzinfo=UTC), sampai=datetime(2024, 8, 1, tzinfo=UTC))])
    await province.push(a_batch([a_line(closed, source=PROVINCE)], office=PROVINCE), office=PROVINCE)
    await province.settles([1], PROVINCE)
    await province.push(a_batch([a_line(a_tps(), sequence=1), a_line(a_d_hasil(), sequence=2)]))
    await province.settles([1, 2])
    await running.dies_alone()
    running.start()

    await province.push(a_batch([a_line(a_pemilih())], lane="pemilih"), lane="pemilih")
    voters = await province.settles([1], lane="pemilih")
    assert [finding.code for finding in voters.objections[1].findings] == ["VTR-PERIOD-OPEN"]
    assert (voters.held, sorted(voters.lines)) == ({1}, [1])
    await province.push(a_batch([a_line(a_c_hasil(), sequence=3)], first=3))
    results = await province.settles([1, 2, 3])
    assert [finding.code for finding in results.objections[3].findings] == ["RUP-FINAL-LOCK"]
    keys = {record.key.decode() for record in await province.records(REFERENCE)}
    assert {jadwal_subject("pdpb-2025-tw4", OFFICE), f"penetapan/{KONTES_GUBERNUR}/327901"} <= keys


async def test_a_calendar_reaches_an_instance_that_is_judging(running: Validator, province: Province) -> None:
    assert running.process is not None
    await province.push(a_batch([a_line(a_pemilih())], lane="pemilih"), lane="pemilih")
    before = await province.settles([1], lane="pemilih")
    assert not before.objections
    await province.push(a_batch([a_line(a_jadwal(), source=PROVINCE)], office=PROVINCE), office=PROVINCE)
    await province.settles([1], PROVINCE)
    # It opens a year after the poll: from now on every voter of that evening is late.
    await province.push(a_batch([a_line(a_pemilih(), sequence=2)], lane="pemilih", first=2), lane="pemilih")
    assert (await province.settles([1, 2], lane="pemilih")).held == {2}
