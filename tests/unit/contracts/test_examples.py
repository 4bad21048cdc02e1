"""Every example ever committed: the valid ones are read, the invalid ones get exactly the answers in their names."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from contracts import codec
from contracts.codec import Undecodable
from contracts.envelope import EVENT_TYPES, Change
from contracts.events import PemilihV1
from contracts.problems import CATALOGUE
from contracts.schemas.json_schema import schemas, submission_name
from services.ingest.core.refusal import RefusedError
from services.ingest.core.statement import Reader
from tests.builders import KEYS, OFFICE

EXAMPLES: Final = Path(codec.__file__).parent / "examples"
SCHEMAS: Final = schemas()
# What a JSON Schema cannot see: it is given the value that was read, or does not know who asks.
BEYOND_SCHEMA: Final = frozenset(
    {
        "JSON-INVALID",
        "ENCODING-INVALID",
        "JSON-KEY-TWICE",
        "TEXT-CONTROL",
        "PERSONAL-IN-CLEAR",
        "DIGEST-MISMATCH",
        "NOT-CANONICAL",
        "SOURCE-FOREIGN",
        "SUBJECT-FOREIGN",
        "SUBJECT-MISMATCH",
        "SUBJECT-MISSING",
    }
)
# Forms that a JSON Schema takes for what they are not: a whole number with a fraction of zero or an exponent is an
# integer to it, and formats of times and dates are for information.
LENIENT: Final = ("angka-pecahan-nol", "angka-1e3", "angka-pecahan.line", "angka-eksponen", "waktu-", "tanggal-")


def _examples(kind: str, ending: str) -> list[Any]:
    files = sorted(EXAMPLES.glob(f"*/{kind}/*.{ending}"))
    assert files
    return [pytest.param(file, id=f"{file.parent.parent.name}/{file.stem}") for file in files]


def _codes_in(file: Path) -> list[str]:
    return file.name.partition("--")[0].split("+")


def _line(file: Path) -> bytes:
    return file.read_bytes().removesuffix(b"\n")


def _reader(body: bytes) -> Reader:
    named = re.search(rb'"source": *"/kpu/([0-9]+)"', body)
    # An office that speaks for another is 3279, whose neighbour 3201 is.
    office = named.group(1).decode() if named else OFFICE
    return Reader(office if office != "3201" else OFFICE, KEYS)


@pytest.mark.parametrize("file", _examples("valid", "json"))
def test_what_an_office_may_send_is_taken(file: Path) -> None:
    body = file.read_bytes()
    statement = _reader(body).read(body, 0)
    assert statement.type == file.parent.parent.name
    assert codec.digest_of(statement.type, statement.data) == statement.digest


@pytest.mark.parametrize("file", _examples("valid", "line"))
def test_a_valid_line_decodes_to_the_same_bytes(file: Path) -> None:
    line = _line(file)
    change = codec.decode(line)
    assert isinstance(change, Change), change
    assert change.type == file.parent.parent.name
    written = change.data.model_dump(mode="json", exclude_unset=True)
    assert codec.canonical_data(written) == codec.data_of(line)
    if isinstance(change.data, PemilihV1):
        assert (
            KEYS.nik_token(json.loads(KEYS.open(change.subject, change.data.pribadi))["nik"]) == change.data.nik_token
        )


@pytest.mark.parametrize("file", _examples("invalid", "json"))
def test_what_an_office_may_not_send_is_answered_with_the_codes_in_its_name(file: Path) -> None:
    body = file.read_bytes()
    with pytest.raises(RefusedError) as refused:
        _reader(body).read(body, 0)
    assert list(dict.fromkeys(refusal.code for refusal in refused.value.refusals)) == _codes_in(file)


@pytest.mark.parametrize("file", _examples("invalid", "line"))
def test_an_invalid_line_is_undecodable_for_the_reasons_in_its_name(file: Path) -> None:
    verdict = codec.decode(_line(file))
    assert isinstance(verdict, Undecodable)
    assert list(dict.fromkeys(fault.code for fault in verdict.faults)) == _codes_in(file)


@pytest.mark.parametrize("file", [*_examples("valid", "json"), *_examples("valid", "line")])
def test_the_published_schema_admits_every_valid_example(file: Path) -> None:
    _validator(file).validate(json.loads(file.read_bytes()))


@pytest.mark.parametrize("file", [*_examples("invalid", "json"), *_examples("invalid", "line")])
def test_the_published_schema_refuses_what_a_schema_can_refuse(file: Path) -> None:
    if set(_codes_in(file)) <= BEYOND_SCHEMA or any(form in file.name for form in LENIENT):
        return
    found = json.loads(file.read_bytes().strip() or b"null")
    assert not _validator(file).is_valid(found), f"{file.name} is refused by us and admitted by the published schema"


@pytest.mark.parametrize("file", [*_examples("invalid", "json"), *_examples("invalid", "line")])
def test_every_code_in_a_name_is_in_the_catalogue(file: Path) -> None:
    assert set(_codes_in(file)) <= set(CATALOGUE)


def test_no_answer_shows_a_number_as_long_as_a_nik() -> None:
    for file in sorted(EXAMPLES.glob("*/invalid/*")):
        if file.suffix == ".line":
            verdict = codec.decode(_line(file))
            assert isinstance(verdict, Undecodable)
            # A digest may by chance be all digits: it is shown whole or not at all.
            shown = [re.sub(r"^[0-9a-f]{32}$", "", fault.seen) + fault.pointer for fault in verdict.faults]
            assert not re.search(r"\d{14}", " ".join(shown)), file


def _validator(file: Path) -> Draft202012Validator:
    kind = EVENT_TYPES.get(file.parent.parent.name)
    assert kind is not None, f"{file} lies in a folder that is no event type"
    name = kind.name if file.suffix == ".line" else submission_name(kind)
    return Draft202012Validator(SCHEMAS[name], format_checker=FormatChecker())
