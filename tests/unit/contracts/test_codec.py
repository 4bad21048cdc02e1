"""The codec: canonical lines, their digests, and what their faults show."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from contracts import codec
from contracts.codec import Fault, Undecodable, canonical_data, data_of, decode, digest_of, type_of
from contracts.envelope import EVENT_TYPES, Change
from contracts.events import CHasilV1
from contracts.submission import SUBMISSION_TYPES
from tests.builders import a_c_hasil, a_line, a_pemilih, a_tps


def fault_in(line: bytes) -> Fault:
    verdict = decode(line)
    assert isinstance(verdict, Undecodable)
    [fault] = verdict.faults
    return fault


def test_anybody_can_compute_a_digest_with_a_standard_command() -> None:
    line = a_line()
    change = decode(line)
    assert isinstance(change, Change)
    by_hand = hashlib.sha256(b"c_hasil.recorded.v1\n" + line.partition(b',"data":')[2][:-1]).hexdigest()[:32]
    assert change.digest == by_hand


def test_the_digest_covers_the_type() -> None:
    assert digest_of("tps.retracted.v1", b"{}") != digest_of("c_hasil.retracted.v1", b"{}")


def test_the_order_in_which_fields_were_written_is_forgotten() -> None:
    assert canonical_data({"b": 1, "a": {"d": 2, "c": 3}}) == canonical_data({"a": {"c": 3, "d": 2}, "b": 1})


def test_an_optional_attribute_that_is_absent_is_not_written() -> None:
    assert b'"base"' not in a_line()
    assert b'"base":"' in a_line(base="0" * 32)
    change = decode(a_line(base="0" * 32))
    assert isinstance(change, Change)
    assert change.base == "0" * 32


def test_null_is_not_zero() -> None:
    change = decode(a_line(a_c_hasil(suara_tidak_sah=None)))
    assert isinstance(change, Change)
    assert isinstance(change.data, CHasilV1)
    assert change.data.suara_tidak_sah is None


def test_the_type_is_read_without_the_rest() -> None:
    assert type_of(a_line(a_tps())) is EVENT_TYPES.get("tps.recorded.v1")
    assert type_of(b'{"type":"\xff"}') is None
    assert type_of(b"") is None
    assert type_of(b'{"type":"tps.recorded.v1') is None


def test_every_event_type_has_a_lane_a_version_and_a_shape_to_send_it_in() -> None:
    assert set(SUBMISSION_TYPES) == {kind.name for kind in EVENT_TYPES}
    for kind in EVENT_TYPES:
        assert kind.lane == ("pemilih" if kind.noun == "pemilih" else "hasil")
        assert kind.is_retraction == (".retracted." in kind.name)
        assert kind.version == 1


def test_an_event_type_has_one_shape_for_ever() -> None:
    kind = EVENT_TYPES.get("tps.recorded.v1")
    assert kind is not None
    with pytest.raises(AssertionError, match="has a shape already"):
        EVENT_TYPES.add(kind.name, kind.lane, kind.data, kind.standar)


def test_a_change_of_one_type_is_none_of_another() -> None:
    line = a_line(a_tps()).replace(b"tps.recorded.v1", b"c_hasil.recorded.v1")
    verdict = decode(line)
    assert isinstance(verdict, Undecodable)
    assert {fault.code for fault in verdict.faults} == {"FIELD-MISSING", "FIELD-UNKNOWN"}


def test_a_fault_shows_a_figure_and_never_a_long_number() -> None:
    def seen(figure: bytes) -> str:
        return fault_in(a_line(a_tps(), data=b'{"dpt_l":%b,"pemilihan":"x","tps":"3279011001001"}' % figure)).seen

    assert seen(b"-7") == "-7"
    assert seen(b"1.5") == "1.5"
    assert seen(b"3279011001001") == "3279011001001"
    assert seen(b"32790115049000") == "a long number"
    assert seen(b"9" * 4_000) == "a long number"


def test_a_fault_does_not_show_a_text() -> None:
    about = a_pemilih()
    data = about.model_dump(mode="json", exclude_unset=True) | {"jenis_kelamin": "SITI AMINAH"}
    assert fault_in(a_line(about, data=canonical_data(data))).seen == "string"


def test_a_fault_names_a_misspelt_field_and_no_other_key() -> None:
    def pointer(key: str) -> str:
        return fault_in(
            a_line(a_tps(), data=canonical_data({"pemilihan": "x", "tps": "3279011001001", key: 1}))
        ).pointer

    assert pointer("dpt") == "/data/dpt"
    assert pointer("SITI AMINAH 1990") == "/data/…"
    assert pointer("x" * 500) == "/data/…"


def test_a_place_is_a_json_pointer() -> None:
    form = a_c_hasil().model_dump(mode="json", exclude_unset=True) | {"perolehan_suara": {"a/b~c": 1}}
    assert fault_in(a_line(data=canonical_data(form))).pointer.startswith("/data/perolehan_suara/a~1b~0c")


def test_a_refusal_without_a_reason_cannot_be_built() -> None:
    with pytest.raises(AssertionError):
        Undecodable(())


def test_a_line_that_is_passed_on_keeps_its_bytes() -> None:
    line = a_line(a_pemilih())
    assert codec.line_of(**_attributes(line), data=data_of(line)) == line


def _attributes(line: bytes) -> dict[str, Any]:
    change = decode(line)
    assert isinstance(change, Change)
    names = ("id", "source", "type", "subject", "epoch", "revision", "sequence", "base", "digest")
    moment = "2024-11-27T13:30:00.000Z"
    return {**{name: getattr(change, name) for name in names}, "time": moment, "recordedtime": moment}
