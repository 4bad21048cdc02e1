"""What was said before and elsewhere binds a line: the province's calendar, and a D.Hasil that has been ratified."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.envelope import ClosedModel
from contracts.events.c_hasil_v1 import KoreksiV1
from contracts.events.jadwal_v1 import MasaV1
from contracts.identifiers import Lane
from contracts.verdict import Finding, Tier
from services.validator.core.hearing import Desk, Hearing, opened
from services.validator.core.judge import Bench
from tests.builders import (
    KONTES_GUBERNUR,
    MOMENT,
    OFFICE,
    PROVINCE,
    TPS,
    a_batch,
    a_c_hasil,
    a_d_hasil,
    a_jadwal,
    a_line,
    a_pemilih,
    a_rekap_pdpb,
    a_retraction,
    a_tps,
    subject_of,
)
from tests.unit.validator.courtroom import a_bench, codes_on, findings_on

LATE = "VTR-PERIOD-OPEN"
LOCKED = "RUP-FINAL-LOCK"
NOON = MasaV1(mulai=datetime(2024, 11, 27, 5, tzinfo=UTC), sampai=datetime(2024, 11, 27, 6, tzinfo=UTC))
EVENING = MasaV1(mulai=datetime.fromisoformat(MOMENT), sampai=datetime(2024, 11, 28, tzinfo=UTC))
KOREKSI = KoreksiV1(alasan="salah jumlah", dokumen="BA-7/PPK/2024", jabatan="Ketua PPK")
BASE = "0123456789abcdef" * 2


def hear(bench: Bench, lines: list[bytes], *, office: str = OFFICE, lane: Lane = "hasil", first: int = 1) -> list[str]:
    """Return what became of each line, each with the codes of what holds it."""
    batch = a_batch(lines, office=office, lane=lane, first=first)
    headers = {name: text.encode() for name, text in batch.headers.items()}
    hearing = opened(headers, batch.value, Desk(office, lane), "uji:0:0")
    assert isinstance(hearing, Hearing)
    for _ in hearing.lines(bench):
        pass
    assert not hearing.verdicts["rejected"], [said.findings for said in hearing.objections]
    said = {said.sequence: said.findings for said in hearing.objections}
    return [_codes(said.get(first + nth, [])) for nth in range(len(lines))]


def _codes(findings: list[Finding]) -> str:
    return ",".join(finding.code for finding in findings if finding.tier is Tier.HOLD)


def a_calendar(bench: Bench, *masa: MasaV1, sequence: int = 1, lajur: Lane = "pemilih", **fields: Any) -> None:
    """Let the province state one."""
    jadwal = a_jadwal(lajur=lajur, masa=list(masa), **fields)
    assert hear(bench, [a_line(jadwal, source=PROVINCE, sequence=sequence)], office=PROVINCE, first=sequence) == [""]


# The calendar ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("masa", "is_late"), [((NOON,), True), ((NOON, EVENING), False), ((), True)])
def test_a_voter_recorded_outside_every_stretch_is_late(masa: tuple[MasaV1, ...], *, is_late: bool) -> None:
    bench = a_bench()
    a_calendar(bench, *masa)
    assert (LATE in codes_on(a_pemilih(), bench=bench, lane="pemilih")) is is_late
    assert LATE not in codes_on(a_c_hasil(), bench=bench), "it governs the other lane"


def test_a_stretch_ends_before_its_last_moment() -> None:
    bench = a_bench()
    a_calendar(bench, MasaV1(mulai=NOON.mulai, sampai=EVENING.mulai))
    [finding] = [found for found in findings_on(a_pemilih(), bench=bench, lane="pemilih") if found.code == LATE]
    assert finding.tier is Tier.HOLD
    assert finding.seen == "2024-11-27T13:30:00+00:00"
    assert finding.expected == "2024-11-27T05:00:00+00:00/2024-11-27T13:30:00+00:00"
    assert "pdpb-2025-tw4" in finding.pesan


@pytest.mark.parametrize("about", [a_c_hasil(), a_d_hasil(), a_rekap_pdpb()], ids=lambda about: type(about).__name__)
def test_results_and_recapitulations_follow_the_calendar_of_their_lane(about: ClosedModel) -> None:
    bench = a_bench()
    assert LATE not in codes_on(about, bench=bench)
    a_calendar(bench, NOON, lajur="hasil")
    assert LATE in codes_on(about, bench=bench)
    a_calendar(bench, EVENING, lajur="hasil", sequence=2, tahap="rekap-kecamatan")
    assert LATE not in codes_on(about, bench=bench), "one open tahap is enough"


def test_a_registration_of_a_tps_is_never_late() -> None:
    bench = a_bench()
    a_calendar(bench, lajur="hasil")
    assert LATE not in codes_on(a_tps(), bench=bench)


def test_a_calendar_binds_its_own_office_alone() -> None:
    bench = a_bench()
    a_calendar(bench, kantor="3278")
    assert LATE not in codes_on(a_pemilih(), bench=bench, lane="pemilih")


def test_a_period_that_is_opened_again_admits_and_one_taken_back_is_not_asked() -> None:
    bench = a_bench()
    a_calendar(bench, NOON)
    a_calendar(bench, NOON, EVENING, sequence=2)
    assert LATE not in codes_on(a_pemilih(), bench=bench, lane="pemilih")
    a_calendar(bench, sequence=3)
    assert LATE in codes_on(a_pemilih(), bench=bench, lane="pemilih")
    retraction = a_line(a_retraction(), subject=subject_of(a_jadwal()), source=PROVINCE, sequence=4)
    assert hear(bench, [retraction], office=PROVINCE, first=4) == [""]
    assert LATE not in codes_on(a_pemilih(), bench=bench, lane="pemilih")


# The lock --------------------------------------------------------------------------------------------------------


def test_what_lies_below_a_ratified_result_is_held_until_it_is_taken_back() -> None:
    bench = a_bench(tps=())
    rekap = a_d_hasil("3279")
    lines = [
        a_line(a_tps(), sequence=1),
        a_line(a_c_hasil(), sequence=2),
        a_line(rekap, sequence=3),
        a_line(a_c_hasil(), sequence=4, revision=2),
        a_line(a_c_hasil(koreksi=KOREKSI), sequence=5, revision=3, base=BASE),
        a_line(a_d_hasil("327901"), sequence=6),
        a_line(rekap, sequence=7, revision=2),
        a_line(a_d_hasil("327901", jalur="hitung"), sequence=8),
        a_line(a_retraction(), subject=subject_of(rekap), sequence=9, revision=3),
        a_line(a_c_hasil(), sequence=10, revision=4),
    ]
    expected = ["", "", "", LOCKED, "", LOCKED, "", "", "", ""]
    assert hear(bench, lines) == expected
    # After a crash the same record is heard again, on a register that has seen all of it.
    assert hear(bench, lines) == expected


def test_the_running_count_locks_nothing() -> None:
    bench = a_bench()
    lines = [a_line(a_d_hasil(jalur="hitung"), sequence=2), a_line(a_c_hasil(), sequence=3)]
    assert hear(bench, lines, first=2) == ["", ""]


def test_what_is_held_itself_locks_nothing() -> None:
    bench = a_bench()
    good = a_d_hasil()
    wrong = a_d_hasil(
        perolehan_suara={calon: (suara or 0) + 1 for calon, suara in (good.perolehan_suara or {}).items()}
    )
    lines = [a_line(wrong, sequence=2), a_line(a_c_hasil(), sequence=3)]
    assert hear(bench, lines, first=2) == ["RUP-OWN-CHART,RUP-OWN-CHART,RUP-OWN-CHART,RUP-OWN-CHART", ""]


def test_a_result_of_the_province_locks_every_office() -> None:
    bench = a_bench()
    assert hear(bench, [a_line(a_d_hasil(PROVINCE), source=PROVINCE, sequence=900)], office=PROVINCE, first=900) == [""]
    [finding] = [found for found in findings_on(a_d_hasil("3279"), bench=bench) if found.code == LOCKED]
    assert finding.pesan.startswith(f"{PROVINCE} sudah ditetapkan (D.Hasil {KONTES_GUBERNUR})")
    assert LOCKED in codes_on(a_c_hasil(TPS), bench=bench)
