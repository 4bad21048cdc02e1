"""The ledger's law by example."""

from __future__ import annotations

from typing import Any

import orjson

from contracts.identifiers import LANES
from services.ingest.core.stamp import Entry, Known, Numbering, Stamped, stamp
from services.ingest.core.statement import Reader, Statement
from tests.builders import KEYS, MOMENT, OFFICE, TPS, a_c_hasil, a_pemilih_submission, a_submission

SUBJECT = f"c_hasil/pkwkp-2024/{TPS}"


def said(event: dict[str, Any]) -> Statement:
    return Reader(OFFICE, KEYS).read(orjson.dumps(event), 0)


def pushed(
    *events: dict[str, Any], ledger: dict[bytes, Entry] | None = None, ids: dict[str, Known] | None = None
) -> Stamped:
    return stamp(
        [said(event) for event in events],
        office=OFFICE,
        recordedtime=MOMENT,
        ledger=ledger or {},
        ids=ids or {},
        numbering={lane: Numbering(3, 10) for lane in LANES},
    )


def refused(stamped: Stamped) -> list[str]:
    return [refusal.code for _, refusal in stamped.refusals]


def entry_of(event: dict[str, Any], *, rejected: bool = False) -> dict[bytes, Entry]:
    statement = said(event)
    return {statement.key: Entry(2, 4, 9, statement.digest, retracted=statement.is_retraction, rejected=rejected)}


FORM = a_submission(a_c_hasil())
CORRECTED = a_submission(a_c_hasil(suara_tidak_sah=7))
RETRACTION = {"type": "c_hasil.retracted.v1", "subject": SUBJECT, "data": {"alasan": "salah unggah"}}


def test_the_first_statement_is_revision_1_and_numbered_next() -> None:
    [receipt] = pushed(FORM).receipts
    assert (receipt.epoch, receipt.sequence, receipt.revision, receipt.repeated) == (3, 11, 1, False)
    assert receipt.subject == SUBJECT


def test_a_receipt_for_a_voter_names_no_token() -> None:
    stamped = pushed(a_submission(a_pemilih_submission()))
    [receipt] = stamped.receipts
    assert receipt.subject is None
    assert stamped.stretches["pemilih"].keys[0].hex() not in receipt.id


def test_the_same_content_again_is_the_same_change() -> None:
    stamped = pushed(FORM, ledger=entry_of(FORM))
    [receipt] = stamped.receipts
    assert (receipt.epoch, receipt.sequence, receipt.revision, receipt.repeated) == (2, 9, 4, True)
    assert not stamped.stretches["hasil"].lines


def test_the_same_content_under_a_new_id_is_the_same_change_and_both_ids_find_it() -> None:
    stamped = pushed({**FORM, "id": "kedua"}, ledger=entry_of(FORM))
    assert stamped.aliases["kedua"].sequence == 9
    assert stamped.receipts[0].id == "kedua"


def test_other_content_is_the_next_revision_made_from_the_last() -> None:
    stamped = pushed(CORRECTED, ledger=entry_of(FORM))
    change = orjson.loads(stamped.stretches["hasil"].lines[0])
    assert (change["revision"], change["base"]) == (5, said(FORM).digest)


def test_going_back_to_an_earlier_content_is_news() -> None:
    receipts = pushed(FORM, CORRECTED, FORM).receipts
    assert [receipt.revision for receipt in receipts] == [1, 2, 3]
    assert len({receipt.id for receipt in receipts}) == 3


def test_an_id_stands_for_one_statement() -> None:
    stamped = pushed({**FORM, "id": "satu"}, {**CORRECTED, "id": "satu"}, {**FORM, "id": "satu"})
    assert refused(stamped) == ["ID-REUSED"]
    assert [receipt.repeated for receipt in stamped.receipts] == [False, True]


def test_a_late_repetition_does_not_undo_a_correction() -> None:
    first, _, again = pushed({**FORM, "id": "satu"}, {**CORRECTED, "id": "dua"}, {**FORM, "id": "satu"}).receipts
    assert again.repeated
    assert again.sequence == first.sequence


def test_a_correction_of_an_old_version_is_refused() -> None:
    stamped = pushed({**CORRECTED, "base": "0" * 32}, ledger=entry_of(FORM))
    assert refused(stamped) == ["BASE-OUTDATED"]
    assert not pushed({**CORRECTED, "base": said(FORM).digest}, ledger=entry_of(FORM)).refusals


def test_a_first_version_is_made_from_nothing() -> None:
    assert refused(pushed({**FORM, "base": "0" * 32})) == ["BASE-OUTDATED"]


def test_a_repetition_of_a_correction_is_no_outdated_one() -> None:
    stamped = pushed({**CORRECTED, "base": said(FORM).digest}, ledger=entry_of(CORRECTED))
    assert [receipt.repeated for receipt in stamped.receipts] == [True]


def test_what_was_never_said_cannot_be_taken_back() -> None:
    assert refused(pushed(RETRACTION)) == ["RECORD-UNKNOWN"]


def test_taking_back_twice_is_once_and_saying_it_again_is_news() -> None:
    stamped = pushed(FORM, RETRACTION, {**RETRACTION, "data": {"alasan": "sungguh"}}, FORM)
    assert [(receipt.revision, receipt.repeated) for receipt in stamped.receipts] == [
        (1, False),
        (2, False),
        (2, True),
        (3, False),
    ]


def test_what_was_rejected_may_be_said_again() -> None:
    known = {"satu": Known("hasil", 2, 4, 9, said(FORM).fingerprint, rejected=True)}
    stamped = pushed({**FORM, "id": "satu"}, ledger=entry_of(FORM, rejected=True), ids=known)
    [receipt] = stamped.receipts
    assert (receipt.sequence, receipt.revision, receipt.repeated) == (11, 5, False)


def test_what_was_rejected_keeps_its_id() -> None:
    known = {"satu": Known("hasil", 2, 4, 9, said(FORM).fingerprint, rejected=True)}
    assert refused(pushed({**CORRECTED, "id": "satu"}, ids=known)) == ["ID-REUSED"]
