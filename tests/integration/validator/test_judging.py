"""Judging on a real Kafka: bytes go on as they came, and a bad line never takes its neighbours along."""

from __future__ import annotations

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
)
from tests.integration.validator.process import Province, Validator


def voters(first: int, last: int) -> list[bytes]:
    """Return lines of as many voters, each with its number."""
    return [a_line(a_pemilih(a_pemilih_submission(number)), sequence=number) for number in range(first, last + 1)]


async def test_accepted_bytes_go_on_unchanged(running: Validator, province: Province) -> None:
    assert running.process is not None
    lines = voters(1, 50)
    await province.push(a_batch(lines, lane="pemilih"), lane="pemilih")
    outcome = await province.settles(range(1, 51), lane="pemilih")
    assert [outcome.lines[number] for number in range(1, 51)] == lines
    [header] = outcome.headers
    assert (header.first, header.last, header.count) == (1, 50, 50)
    assert not outcome.objections


async def test_a_bad_line_leaves_its_neighbours_alone(running: Validator, province: Province) -> None:
    assert running.process is not None
    lines = [
        a_line(a_tps(), sequence=1),
        b"{broken",
        a_line(a_c_hasil(), sequence=3),
        a_line(a_c_hasil(suara_sah=1), sequence=4, revision=2),
        a_line(a_c_hasil(TPS.replace("3279", "3278")), source="3278", sequence=5),
    ]
    await province.push(a_batch(lines))
    outcome = await province.settles(range(1, 6))
    assert sorted(outcome.lines) == [1, 3, 4]
    assert [outcome.lines[number] for number in (1, 3, 4)] == [lines[0], lines[2], lines[3]]
    assert outcome.rejected == {2, 5}
    assert outcome.held == {4}
    assert outcome.findings[4].held
    assert outcome.objections[4].subject == f"c_hasil/{KONTES_GUBERNUR}/{TPS}"
    assert "AUT-SOURCE" in {finding.code for finding in outcome.objections[5].findings}
    [header] = outcome.headers
    assert (header.first, header.last, header.count) == (1, 5, 3)


async def test_a_result_from_an_unregistered_tps_is_held(running: Validator, province: Province) -> None:
    assert running.process is not None
    await province.push(a_batch([a_line(a_c_hasil(), sequence=1), a_line(a_tps(), sequence=2)]))
    await province.push(a_batch([a_line(a_c_hasil(), sequence=3)], first=3))
    outcome = await province.settles(range(1, 4))
    assert outcome.held == {1}
    assert [finding.code for finding in outcome.objections[1].findings] == ["RES-TPS-KNOWN"]
    assert sorted(outcome.lines) == [1, 2, 3]


async def test_the_register_outlives_the_validator(running: Validator, province: Province) -> None:
    await province.push(a_batch([a_line(a_tps(), sequence=1)]))
    await province.settles([1])
    await running.dies_alone()
    running.start()
    await province.push(a_batch([a_line(a_c_hasil(), sequence=2)], first=2))
    outcome = await province.settles([1, 2])
    assert sorted(outcome.lines) == [1, 2]
    assert outcome.headers[-1].office == OFFICE
