"""Whatever the bytes: reading never raises, and nothing altered is taken for what was said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts import codec
from contracts.batch import HEADER, header_from
from contracts.codec import Undecodable, canonical_data, data_of, decode, digest_of, type_of
from contracts.envelope import EVENT_TYPES, Change
from contracts.events import TpsV1
from contracts.identifiers import parse_subject
from tests.builders import TPS, a_c_hasil, a_d_hasil, a_line, a_pemilih, a_retraction, a_tps

LINES = [a_line(), a_line(a_tps()), a_line(a_d_hasil()), a_line(a_pemilih()), a_line(a_retraction())]
EXAMPLES = [
    file.read_bytes() for file in sorted((Path(codec.__file__).parent / "examples").glob("*/*/*")) if file.is_file()
]
NAMES = [kind.name for kind in EVENT_TYPES]

# Numbers as no form has them, and texts of all scripts.
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([TPS, "pkwkp-2024", "0" * 32, "1.0", "/kpu/3279"])
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
)
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)
figures = st.none() | st.integers(0, 10**9)


@st.composite
def events(draw: st.DrawFn) -> bytes:
    """Draw JSON that looks like a change and has anything in any of its places."""
    event = dict.fromkeys(Change.model_fields) | json.loads(draw(st.sampled_from(LINES)))
    for name in draw(st.sets(st.sampled_from(sorted(event)), max_size=4)):
        event[name] = draw(values)
    for name in draw(st.sets(st.sampled_from(sorted(event)), max_size=2)):
        del event[name]
    if isinstance(event.get("data"), dict) and event["data"]:
        place = draw(st.sampled_from(sorted(event["data"])))
        event["data"][place] = draw(values)
    if draw(st.booleans()):
        event["type"] = draw(st.sampled_from(NAMES))
    return json.dumps(event, separators=(",", ":")).encode("utf-8", "surrogatepass")


@st.composite
def mutated(draw: st.DrawFn, sources: list[bytes]) -> bytes:
    """Draw bytes that differ from a line or an example in a few places."""
    line = bytearray(draw(st.sampled_from(sources)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(line)))
        length = draw(st.integers(0, 6))
        line[start : start + length] = draw(st.binary(max_size=6))
    return bytes(line)


def _is_answered(line: bytes) -> None:
    verdict = decode(line)
    if isinstance(verdict, Undecodable):
        assert verdict.faults
        assert all(fault.code and fault.expected and len(fault.seen) < 100 for fault in verdict.faults)
    else:
        assert digest_of(verdict.type, data_of(line)) == verdict.digest
        assert canonical_data(json.loads(data_of(line))) == data_of(line)


@given(st.binary(max_size=400))
def test_any_bytes_are_answered(line: bytes) -> None:
    _is_answered(line)


@given(st.sampled_from(NAMES), st.binary(max_size=200))
def test_any_bytes_after_a_known_type_are_answered(name: str, rest: bytes) -> None:
    _is_answered(b'{"type":"' + name.encode() + b'"' + rest)


@given(events())
def test_any_json_in_the_place_of_a_change_is_answered(line: bytes) -> None:
    _is_answered(line)


@given(mutated([*LINES, *EXAMPLES]))
def test_a_damaged_line_is_answered(line: bytes) -> None:
    _is_answered(line)


@given(st.sampled_from(NAMES), st.dictionaries(st.text(max_size=12), values, max_size=6))
def test_any_content_with_a_right_digest_is_answered(name: str, content: dict[str, Any]) -> None:
    data = json.dumps(content, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")
    _is_answered(a_line(a_tps(), type=name, data=data))


@given(st.data())
def test_every_changed_byte_of_the_data_is_noticed(data: st.DataObject) -> None:
    line = bytearray(data.draw(st.sampled_from(LINES)))
    place = data.draw(st.integers(line.index(b',"data":') + 8, len(line) - 2))
    line[place] ^= data.draw(st.integers(1, 255))
    assert isinstance(decode(bytes(line)), Undecodable)


@given(st.data())
def test_a_line_that_is_cut_short_is_noticed(data: st.DataObject) -> None:
    line = data.draw(st.sampled_from(LINES))
    assert isinstance(decode(line[: data.draw(st.integers(0, len(line) - 1))]), Undecodable)


@given(st.text(max_size=80) | st.from_regex(r"(pemilih|tps|c_hasil|d_hasil)/[a-z0-9-/]{0,60}", fullmatch=True))
def test_a_subject_is_read_or_is_none(text: str) -> None:
    subject = parse_subject(text)
    assert subject is None or (subject.office.isascii() and subject.office.isdigit() and text.endswith(subject.key))


@given(st.binary(max_size=200))
def test_any_header_is_read_or_is_none(raw: bytes) -> None:
    header = header_from({HEADER: raw})
    assert header is None or header.first >= 1


@given(st.binary(max_size=60))
def test_a_type_is_known_or_none(raw: bytes) -> None:
    kind = type_of(b'{"type":"' + raw)
    assert kind is None or raw.startswith(kind.name.encode())


# The way there and back ----------------------------------------------------------------------------------------


@given(st.builds(a_tps, alamat=texts, dpt_l=figures, dpt_p=figures))
def test_what_was_written_is_what_is_read(tps: TpsV1) -> None:
    line = a_line(tps)
    change = decode(line)
    assert isinstance(change, Change)
    assert change.data == tps
    again = canonical_data(change.data.model_dump(mode="json", exclude_unset=True))
    assert again == data_of(line)
    assert digest_of(change.type, again) == change.digest


@given(st.dictionaries(st.from_regex(r"[0-9]{1,12}", fullmatch=True), figures, max_size=8), figures)
def test_votes_come_back_as_they_were_written(votes: dict[str, int | None], sah: int | None) -> None:
    form = a_c_hasil().model_copy(update={"perolehan_suara": votes, "suara_sah": sah})
    change = decode(a_line(form))
    assert isinstance(change, Change)
    assert change.data.perolehan_suara == votes
    assert change.data.suara_sah == sah


@given(st.dictionaries(texts, figures | texts, max_size=8), st.randoms())
def test_the_order_of_keys_never_changes_a_digest(content: dict[str, Any], random: Any) -> None:
    keys = list(content)
    random.shuffle(keys)
    assert canonical_data({key: content[key] for key in keys}) == canonical_data(content)


@given(texts, texts)
def test_two_contents_have_two_digests(one: str, other: str) -> None:
    lines = [a_line(a_tps(alamat=text)) for text in (one, other)]
    changes = [decode(line) for line in lines]
    digests = {change.digest for change in changes if isinstance(change, Change)}
    assert len(digests) == len({one, other})
