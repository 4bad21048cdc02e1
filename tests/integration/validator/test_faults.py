"""Whatever is killed: every number has one outcome, and nothing wedges (I1, I11)."""

from __future__ import annotations

import asyncio
from pathlib import Path

from contracts.identifiers import Lane
from tests.builders import (
    KONTES_GUBERNUR,
    OFFICE,
    TPS,
    a_batch,
    a_c_hasil,
    a_line,
    a_pemilih,
    a_pemilih_submission,
    a_tps,
    children_of,
    some_votes,
)
from tests.eventually import eventually
from tests.integration.validator.process import Outcome, Province, Validator
from tests.servers import Kafka

RECORDS = 12
PER_RECORD = 250


def voters(first: int, last: int) -> list[bytes]:
    """Return lines of as many voters; every hundredth of them cannot be read, every fiftieth has no NIK."""
    return [
        b"{broken"
        if number % 100 == 0
        else a_line(a_pemilih(a_pemilih_submission(number, nik="12")), sequence=number)
        if number % 50 == 0
        else a_line(a_pemilih(a_pemilih_submission(number)), sequence=number)
        for number in range(first, last + 1)
    ]


def a_tps_of(office: str) -> str:
    """Return the first TPS of the first desa of an office."""
    return children_of(children_of(office)[0])[0] + "001"


STREAM = [voters(nth * PER_RECORD + 1, (nth + 1) * PER_RECORD) for nth in range(RECORDS)]
NUMBERS = range(1, RECORDS * PER_RECORD + 1)
REFUSED = {number for number in NUMBERS if number % 50 == 0}


async def push(province: Province, records: range) -> None:
    """Push some records of the stream."""
    lane: Lane = "pemilih"
    for nth in records:
        await province.push(a_batch(STREAM[nth], lane=lane, first=nth * PER_RECORD + 1), lane=lane)


async def some_settled(province: Province, least: int) -> None:
    """Wait until the validator is under way."""

    async def reached() -> bool:
        return len((await province.outcome(lane="pemilih")).settled) >= least

    await eventually(reached, within_seconds=30)


def check(outcome: Outcome) -> None:
    """Assert that the whole stream is there as it was pushed."""
    assert outcome.settled == set(NUMBERS)
    assert outcome.rejected == REFUSED
    pushed = [line for record in STREAM for line in record]
    assert outcome.lines == {number: pushed[number - 1] for number in NUMBERS if number not in REFUSED}


async def test_nothing_is_lost_when_the_validator_is_killed_under_way(running: Validator, province: Province) -> None:
    for nth in range(3):
        await push(province, range(nth * 4, nth * 4 + 4))
        await some_settled(province, nth * 4 * PER_RECORD + 1)
        await running.dies_alone()
        running.start()
    check(await province.settles(NUMBERS, lane="pemilih", within_seconds=60))
    running.stop()


async def test_nothing_is_lost_when_kafka_is_killed_under_way(
    running: Validator, province: Province, kafka_fresh: Kafka
) -> None:
    await province.push(a_batch([a_line(a_tps(), sequence=1)]))
    await push(province, range(6))
    await some_settled(province, 1)
    await asyncio.to_thread(kafka_fresh.kill)
    await asyncio.to_thread(kafka_fresh.start)
    async with Province.at(kafka_fresh.bootstrap_servers) as again:
        await push(again, range(6, RECORDS))
        await again.push(a_batch([a_line(a_c_hasil(), sequence=2)], first=2))
        check(await again.settles(NUMBERS, lane="pemilih", within_seconds=90))
        results = await again.settles([1, 2], within_seconds=60)
    assert sorted(results.lines) == [1, 2], "the register is still known"
    assert running.process is not None
    assert running.process.poll() is None, "it is the same process"


async def test_the_validator_starts_without_kafka_and_judges_when_it_comes(
    validator: Validator, kafka_fresh: Kafka
) -> None:
    await asyncio.to_thread(kafka_fresh.kill)
    validator.start()

    async def answers() -> bool:
        return await validator.ready() is not None

    await eventually(answers, within_seconds=20)
    said = await validator.ready()
    assert said is not None
    assert not said["kafka"]
    await asyncio.to_thread(kafka_fresh.start)
    async with Province.at(kafka_fresh.bootstrap_servers) as province:
        await province.push(a_batch([a_line(a_tps(), sequence=1), a_line(a_c_hasil(), sequence=2)]))
        outcome = await province.settles([1, 2], within_seconds=60)
    assert sorted(outcome.lines) == [1, 2]
    said = await validator.ready()
    assert said is not None
    assert all(said.values()), said


async def test_two_instances_share_the_offices_and_one_takes_over(
    validator: Validator, province: Province, offices: tuple[str, ...], tmp_path: Path
) -> None:
    shared_offices = offices[1:9]
    other = Validator(tmp_path / "other-log", validator.keys_folder, validator.kafka)
    validator.start()
    other.start()
    try:
        await validator.judges()
        await other.judges()
        for office in shared_offices:
            tps = a_tps_of(office)
            await province.push(a_batch([a_line(a_tps(tps), source=office, sequence=1)], office=office), office=office)
        for office in shared_offices:
            await province.settles([1], office, within_seconds=60)

        async def shared() -> bool:
            counted = [await one.metrics() for one in (validator, other)]
            return all('validator_changes_total{lane="hasil",verdict="accepted"}' in text for text in counted)

        await eventually(shared, within_seconds=30)
        validator.kill()
        for office in shared_offices:
            # What the one has registered the other knows.
            form = a_c_hasil(a_tps_of(office))
            line = a_line(form, source=office, sequence=2)
            await province.push(a_batch([line], office=office, first=2), office=office)
        for office in shared_offices:
            outcome = await province.settles([1, 2], office, within_seconds=60)
            assert not [
                finding.code
                for said in outcome.objections.values()
                for finding in said.findings
                if finding.code == "RES-TPS-KNOWN"
            ]
    finally:
        other.leave()


async def test_a_storm_of_rejections_stops_the_validator_until_a_person_says_otherwise(
    running: Validator, province: Province
) -> None:
    votes = {**some_votes(KONTES_GUBERNUR, TPS), "999": 1}
    storming = ("3201", "3202", "3203")
    for office in storming:
        tps = a_tps_of(office)
        lines = [a_line(a_tps(tps), source=office, sequence=1)]
        lines += [
            a_line(a_c_hasil(tps, perolehan_suara=votes), source=office, sequence=number, revision=number)
            for number in range(2, 102)
        ]
        await province.push(a_batch(lines, office=office), office=office)

    async def stopped() -> bool:
        said = await running.ready()
        return said is not None and not said["breaker"]

    await eventually(stopped, within_seconds=30)
    await province.push(a_batch([a_line(a_tps(), sequence=1)]))

    async def says_why() -> bool:
        return "a storm of rejections" in running.log and "validator_breaker_open 1.0" in await running.metrics()

    await eventually(says_why, within_seconds=30)
    assert not (await province.outcome(OFFICE)).settled, "nobody's changes are settled in a storm"
    await running.dies_alone()
    running.told["VALIDATOR_BREAKER_OVERRIDE"] = "true"
    running.start()
    await province.settles([1], OFFICE, within_seconds=60)
    for office in storming:
        outcome = await province.settles(range(1, 102), office, within_seconds=60)
        assert outcome.rejected == set(range(2, 102))
