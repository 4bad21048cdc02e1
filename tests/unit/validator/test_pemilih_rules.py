"""Every rule about a voter, by example; and no digit of a NIK in anything that is said about one."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.personal import PersonalKeys
from contracts.verdict import Accepted, Held, Rejected, Verdict
from tests.builders import OFFICE, a_nik, a_pemilih, a_pemilih_submission
from tests.unit.validator.courtroom import verdict_on


def on_voter(**fields: Any) -> Verdict:
    """Return the verdict on a voter whose clear fields are these."""
    return verdict_on(a_pemilih(a_pemilih_submission(**fields)), lane="pemilih")


def codes(verdict: Verdict) -> list[str]:
    return [finding.code for finding in verdict.findings]


def test_a_voter_as_the_office_lists_her_is_accepted() -> None:
    assert on_voter() == Accepted()


@pytest.mark.parametrize(
    "nik",
    ["327901550490000", "32790155049000011", "1111111111111111", "3279015504900000", "32790155O4900001", "٣" * 16],
)
def test_a_nik_that_cannot_be_one_is_rejected(nik: str) -> None:
    verdict = on_voter(nik=nik)
    assert isinstance(verdict, Rejected)
    assert codes(verdict) == ["VTR-NIK-LEN"]


@pytest.mark.parametrize("nik", ["3279013204900001", "3279017204900001", "3279010004900001", "3279015513900001"])
def test_a_nik_without_a_possible_date_is_held(nik: str) -> None:
    verdict = on_voter(nik=nik)
    assert isinstance(verdict, Held)
    assert codes(verdict) == ["VTR-NIK-DATE-SHAPE"]


def test_the_nik_of_a_man_on_a_woman_warns() -> None:
    verdict = on_voter(nik=a_nik(jenis_kelamin="L"))
    assert isinstance(verdict, Accepted)
    assert codes(verdict) == ["VTR-NIK-SEX"]


def test_another_birth_date_than_in_the_nik_warns_because_it_may_be_lawful() -> None:
    verdict = on_voter(nik=a_nik(), tanggal_lahir="1990-04-16")
    assert isinstance(verdict, Accepted)
    assert codes(verdict) == ["VTR-NIK-DOB"]


def test_a_nik_from_another_province_is_fine_and_from_nowhere_warns() -> None:
    assert on_voter(nik=a_nik(kecamatan="357301")) == Accepted()
    assert codes(on_voter(nik=a_nik(kecamatan="007301"))) == ["VTR-NIK-REGION"]


def test_a_family_card_number_has_its_digits_or_is_missing() -> None:
    assert on_voter(nkk=None) == Accepted()
    verdict = on_voter(nkk="32790101011500")
    assert isinstance(verdict, Held)
    assert codes(verdict) == ["VTR-NKK-LEN"]


@pytest.mark.parametrize(
    ("lahir", "kawin", "found"),
    [
        ("2007-11-27", "B", []),
        ("2007-11-28", "B", ["VTR-AGE"]),
        ("2007-11-28", None, ["VTR-AGE"]),
        ("2007-11-28", "S", []),
        ("2007-11-28", "P", []),
        ("2008-02-29", "B", ["VTR-AGE"]),
        ("2004-02-29", "B", []),
    ],
)
def test_a_voter_is_17_on_polling_day_or_married(lahir: str, kawin: str | None, found: list[str]) -> None:
    assert codes(on_voter(tanggal_lahir=lahir, status_kawin=kawin)) == found


def test_an_unreadable_birth_date_is_held_for_age_alone() -> None:
    entry = a_pemilih(a_pemilih_submission())
    assert entry.kelas_lahir is not None
    submission = a_pemilih_submission(status_kawin="B").model_copy(update={"tanggal_lahir": "15-04-1990"})
    verdict = verdict_on(_sealed(submission), lane="pemilih")
    assert isinstance(verdict, Held)
    assert codes(verdict) == ["VTR-AGE"]


def test_who_is_no_active_voter_needs_no_age() -> None:
    voter = a_pemilih(a_pemilih_submission(tanggal_lahir="2010-01-01", status_kawin="B"), status="tms", tms="3")
    assert verdict_on(voter, lane="pemilih") == Accepted()


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"status": "tms"}, ["VTR-TMS-REASON"]),
        ({"status": "tms", "tms": "9"}, ["VTR-TMS-REASON"]),
        ({"status": "tms", "tms": "1"}, ["VTR-TMS-REASON"]),
        ({"status": "tms", "tms": "1", "dokumen": "AKM-3279-1"}, []),
        ({"status": "tms", "tms": "4"}, []),
        ({"status": "tms", "tms": "6"}, ["VTR-TNI-POLRI"]),
        ({"status": "tms", "tms": "7"}, ["VTR-TNI-POLRI"]),
        ({"status": "aktif", "tms": "4"}, ["VTR-TMS-REASON"]),
        ({"status": "ditangguhkan"}, []),
    ],
)
def test_who_does_not_qualify_has_a_reason(fields: dict[str, Any], found: list[str]) -> None:
    verdict = verdict_on(a_pemilih(**fields), lane="pemilih")
    assert codes(verdict) == found
    assert isinstance(verdict, Held if found == ["VTR-TMS-REASON"] else Accepted)


@pytest.mark.parametrize(("kode", "found"), [("0", []), ("6", []), (None, []), ("7", ["VTR-DISAB-CODE"])])
def test_a_disability_has_a_code_of_the_list(kode: str | None, found: list[str]) -> None:
    assert codes(on_voter(disabilitas=kode)) == found


@pytest.mark.parametrize(
    ("lahir", "found"), [("1913-11-27", ["VTR-AGE-MAX"]), ("1913-11-28", []), ("1912-02-29", ["VTR-AGE-MAX"])]
)
def test_a_voter_older_than_anybody_is_asked_after(lahir: str, found: list[str]) -> None:
    verdict = on_voter(tanggal_lahir=lahir)
    assert codes(verdict) == found
    assert isinstance(verdict, Accepted)
    assert lahir[:4] not in "".join(finding.model_dump_json() for finding in verdict.findings)


# The sealed block ------------------------------------------------------------------------------------------------


def test_a_block_of_another_voter_does_not_open() -> None:
    other = a_pemilih(a_pemilih_submission(2))
    verdict = verdict_on(a_pemilih(pribadi=other.pribadi), lane="pemilih")
    assert isinstance(verdict, Rejected)
    assert codes(verdict) == ["PRI-OPEN"]


def test_a_block_sealed_with_other_keys_does_not_open() -> None:
    stranger = PersonalKeys(key_id="uji1", seal_key=bytes(32), token_key=bytes(range(32, 64)))
    assert codes(verdict_on(a_pemilih(keys=stranger), lane="pemilih")) == ["PRI-OPEN"]


def test_a_token_that_stands_for_another_nik_is_rejected() -> None:
    stranger = PersonalKeys(key_id="uji1", seal_key=bytes(range(32)), token_key=bytes(32))
    assert codes(verdict_on(a_pemilih(keys=stranger), lane="pemilih")) == ["PRI-TOKEN"]


def test_a_voter_of_another_office_is_not_ours_to_change() -> None:
    voter = a_pemilih(a_pemilih_submission(desa="3278011001"))
    verdict = verdict_on(voter, lane="pemilih", office=OFFICE)
    assert isinstance(verdict, Rejected)
    assert "AUT-OWNER" in codes(verdict)


def test_no_digit_of_nik_or_nkk_is_ever_said() -> None:
    nik, nkk = "3279013204900000", "327901010115"
    verdict = on_voter(nik=nik, nkk=nkk, tanggal_lahir="1990-04-15")
    said = "".join(finding.model_dump_json() for finding in verdict.findings)
    assert verdict.findings
    for start in range(len(nik) - 5):
        assert nik[start : start + 6] not in said
    assert nkk[:6] not in said
    assert "1990" not in said


def _sealed(submission: Any) -> Any:
    """Return a voter whose birth date the builder could not read either."""
    from contracts.identifiers import pemilih_subject  # noqa: PLC0415  # only here
    from contracts.personal import DataPribadi  # noqa: PLC0415  # only here
    from contracts.submission import PRIBADI_FIELDS  # noqa: PLC0415  # only here
    from tests.builders import KEYS  # noqa: PLC0415  # only here

    pribadi = DataPribadi(**{name: getattr(submission, name) for name in PRIBADI_FIELDS})
    subject = pemilih_subject(OFFICE, KEYS.nik_token(pribadi.nik))
    sealed = KEYS.seal(subject, pribadi.model_dump_json(exclude_none=True).encode())
    return a_pemilih(pribadi=sealed, kelas_lahir=None)
