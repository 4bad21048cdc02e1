"""The laws of stamping: whatever is pushed, in whatever portions, however often."""

from __future__ import annotations

import json
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.codec import canonical_data, data_of, decode
from contracts.envelope import Change
from contracts.events import PemilihV1
from contracts.identifiers import LANES, Lane
from contracts.submission import PemilihSubmissionV1
from services.ingest.core.refusal import RefusedError
from services.ingest.core.seal import sealed
from services.ingest.core.stamp import Entry, Known, Numbering, Stamped, adopted_from, said_in, stamp
from services.ingest.core.statement import Reader, Statement
from tests.builders import KEYS, OFFICE, TPS, a_c_hasil, a_pemilih_submission, a_retraction, a_submission, a_tps

MOMENT = "2024-11-27T13:30:00.000Z"

# What JSON can carry: everything but surrogates; control characters are refused before anything is sealed.
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
voters = st.builds(
    a_pemilih_submission,
    st.integers(1, 9_999),
    nama=texts,
    tempat_lahir=st.none() | texts,
    alamat=st.none() | texts,
    tanggal_lahir=st.sampled_from(("1990-04-15", "2006-02-28")),
    dokumen=st.none() | texts.filter(lambda text: not any(map(str.isdigit, text))),
    disabilitas=st.none() | st.sampled_from("0123456"),
    tps=st.none() | st.just("001"),
    tms=st.none() | st.just("1"),
)
forms = st.builds(a_c_hasil, st.sampled_from([f"{TPS[:10]}{n:03}" for n in range(1, 4)]), suara_sah=st.integers(0, 3))
registered = st.builds(a_tps, st.sampled_from([f"{TPS[:10]}{n:03}" for n in range(1, 4)]), dpt_l=st.integers(0, 2))
identities = st.none() | st.sampled_from([f"id-{n}" for n in range(4)])


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a change as an office might send it: few subjects and ids, so that they meet again."""
    identity = draw(identities)
    named = {} if identity is None else {"id": identity}
    kind = draw(st.sampled_from(("form", "tps", "voter", "retraction", "voter gone")))
    if kind == "retraction":
        subject = f"c_hasil/pkwkp-2024/{TPS[:10]}{draw(st.integers(1, 3)):03}"
        data = a_retraction(alasan=draw(st.sampled_from(("satu", "dua")))).model_dump(mode="json", exclude_none=True)
        return {"type": "c_hasil.retracted.v1", "subject": subject, "data": data, **named}
    if kind == "voter gone":
        nik = a_pemilih_submission(draw(st.integers(1, 3))).nik
        return {"type": "pemilih.retracted.v1", "data": {"nik": nik, "alasan": "pindah"}, **named}
    if kind == "voter":
        return a_submission(
            a_pemilih_submission(draw(st.integers(1, 3)), rt=draw(st.sampled_from(("1", "2")))), **named
        )
    return a_submission(draw(forms if kind == "form" else registered), **named)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=15,
)
histories = st.lists(events(), max_size=25)


class Office:
    """An office's memory in dictionaries: what the spool keeps in SQLite."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self.ledger: dict[bytes, Entry] = {}
        self.ids: dict[str, Known] = {}
        self.numbering: dict[Lane, Numbering] = {lane: Numbering(1, 0) for lane in LANES}
        self.lines: dict[Lane, list[bytes]] = {lane: [] for lane in LANES}

    def push(self, history: list[dict[str, Any]]) -> Stamped:
        stamped = stamp(
            read(history),
            office=OFFICE,
            recordedtime=MOMENT,
            ledger=self.ledger,
            ids=self.ids,
            numbering=self.numbering,
        )
        for lane, stretch in stamped.stretches.items():
            for nth, line in enumerate(stretch.lines):
                adopted = adopted_from(line)
                assert adopted.entry.sequence == stretch.first + nth
                self.ledger[adopted.key] = adopted.entry
                self.ids[adopted.id] = Known(
                    lane,
                    adopted.entry.epoch,
                    adopted.entry.revision,
                    adopted.entry.sequence,
                    adopted.fingerprint,
                    rejected=False,
                )
            self.lines[lane] += stretch.lines
            self.numbering[lane] = Numbering(stretch.epoch, stretch.last)
        self.ids |= stamped.aliases
        return stamped


def read(history: list[dict[str, Any]]) -> list[Statement]:
    reader = Reader(OFFICE, KEYS)
    return [reader.read(orjson.dumps(event), nth) for nth, event in enumerate(history)]


@given(voters)
def test_what_is_written_by_hand_is_the_canonical_form(sent: PemilihSubmissionV1) -> None:
    _, token, data = sealed(sent, OFFICE, KEYS)
    entry = PemilihV1.model_validate_json(data)
    assert entry.nik_token == token
    assert data == canonical_data(entry.model_dump(mode="json", exclude_none=True))


@given(histories)
def test_every_line_is_a_change_numbered_without_gaps(history: list[dict[str, Any]]) -> None:
    office = Office()
    office.push(history)
    for lines in office.lines.values():
        for sequence, line in enumerate(lines, start=1):
            change = decode(line)
            assert isinstance(change, Change), change
            assert change.sequence == sequence
            assert data_of(line) == canonical_data(orjson.loads(line)["data"])


@given(histories)
def test_every_change_is_answered_once(history: list[dict[str, Any]]) -> None:
    stamped = Office().push(history)
    answered = [receipt.nth for receipt in stamped.receipts] + [nth for nth, _ in stamped.refusals]
    assert sorted(answered) == list(range(len(history)))


@given(histories)
def test_revisions_of_a_subject_grow_by_one_and_name_what_they_were_made_from(history: list[dict[str, Any]]) -> None:
    office = Office()
    office.push(history)
    newest: dict[str, Change[Any]] = {}
    for lines in office.lines.values():
        for line in lines:
            change = decode(line)
            assert isinstance(change, Change)
            before = newest.get(change.subject)
            assert (change.revision, change.base) == ((before.revision + 1, before.digest) if before else (1, None))
            newest[change.subject] = change


@given(histories.map(lambda history: [{**event, "id": f"own-{nth}"} for nth, event in enumerate(history)]))
def test_saying_again_what_was_taken_changes_nothing(history: list[dict[str, Any]]) -> None:
    office = Office()
    receipts = office.push(history).receipts
    lines = {lane: list(said) for lane, said in office.lines.items()}
    # What was refused was not said: a retraction that came too early may be right the next time.
    again = office.push([history[receipt.nth] for receipt in receipts])
    assert office.lines == lines
    assert all(receipt.repeated for receipt in again.receipts)
    assert [receipt.sequence for receipt in again.receipts] == [receipt.sequence for receipt in receipts]


@given(histories, st.randoms())
def test_any_portions_leave_the_same_ledger(history: list[dict[str, Any]], chance: Any) -> None:
    whole, portions = Office(), Office()
    whole.push(history)
    rest = list(history)
    while rest:
        count = chance.randint(1, len(rest))
        portions.push(rest[:count])
        rest = rest[count:]
    assert portions.lines == whole.lines
    assert portions.ledger == whole.ledger
    assert portions.ids == whole.ids


@given(histories)
def test_a_line_gives_back_the_statement_it_was_made_of(history: list[dict[str, Any]]) -> None:
    office = Office()
    statements = {said.digest: said for said in read(history)}
    office.push(history)
    for lines in office.lines.values():
        for line in lines:
            said = said_in(line)
            original = statements[said.digest]
            assert (said.type, said.key, said.data) == (original.type, original.key, original.data) or (
                said.is_retraction
            )


@settings(max_examples=300)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_reading_refuses_or_reads_and_never_fails(line: bytes) -> None:
    try:
        Reader(OFFICE, KEYS).read(line, 0)
    except RefusedError as error:
        assert error.refusals  # noqa: PT017  # either outcome is right


@given(anything, st.sampled_from(("c_hasil.recorded.v1", "pemilih.recorded.v1", "tps.retracted.v1")))
def test_any_json_under_a_known_type_is_answered(data: Any, kind: str) -> None:
    # The standard library writes what orjson refuses to: NaN, and surrogates on their own.
    line = json.dumps({"type": kind, "data": data}).encode()
    try:
        Reader(OFFICE, KEYS).read(line, 0)
    except RefusedError as error:
        assert error.refusals  # noqa: PT017  # either outcome is right
