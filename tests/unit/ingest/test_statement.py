"""What an office may say, and what is answered to what it may not."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from contracts.events import PemilihV1
from contracts.identifiers import c_hasil_subject, pemilih_subject
from contracts.personal import DataPribadi
from services.ingest.core.refusal import RefusedError
from services.ingest.core.statement import CHANGE_BYTES_MAX, Reader, Statement
from tests.builders import (
    KEYS,
    KONTES_GUBERNUR,
    OFFICE,
    TPS,
    a_c_hasil,
    a_d_hasil,
    a_pemilih,
    a_pemilih_submission,
    a_retraction,
    a_submission,
    a_tps,
)

NIK = a_pemilih_submission().nik


def read(event: dict[str, Any] | bytes, office: str = OFFICE) -> Statement:
    line = event if isinstance(event, bytes) else orjson.dumps(event)
    return Reader(office, KEYS).read(line, 0)


def codes_of(event: dict[str, Any] | bytes, office: str = OFFICE) -> list[str]:
    with pytest.raises(RefusedError) as refused:
        read(event, office)
    return [refusal.code for refusal in refused.value.refusals]


def test_a_form_is_about_its_tps() -> None:
    assert read(a_submission(a_c_hasil())).subject == c_hasil_subject(KONTES_GUBERNUR, TPS)


def test_a_box_left_out_and_a_box_written_as_null_are_the_same_content() -> None:
    explicit = {**a_c_hasil().model_dump(mode="json"), "koreksi": None, "jenis_kejadian": "reguler"}
    left_out = a_c_hasil().model_dump(mode="json", exclude_defaults=True)
    with_nulls = read({"type": "c_hasil.recorded.v1", "data": explicit})
    assert with_nulls.digest == read({"type": "c_hasil.recorded.v1", "data": left_out}).digest


def test_a_null_among_the_votes_stays_null() -> None:
    votes = {"1000026": None, "1000027": 0}
    data = {"kontes": KONTES_GUBERNUR, "tps": TPS, "perolehan_suara": votes}
    assert orjson.loads(read({"type": "c_hasil.recorded.v1", "data": data}).data)["perolehan_suara"] == votes


def test_a_voter_is_sealed_as_everybody_expects_her() -> None:
    sent = a_pemilih_submission()
    statement = read(a_submission(sent))
    assert PemilihV1.model_validate_json(statement.data) == a_pemilih(sent)
    assert statement.subject == pemilih_subject(OFFICE, KEYS.nik_token(sent.nik))


def test_nothing_personal_is_left_in_clear() -> None:
    sent = a_pemilih_submission()
    data = read(a_submission(sent)).data
    for name in DataPribadi.model_fields:
        value = getattr(sent, name)
        # One letter stands in every text by chance.
        assert value is None or len(value) <= 3 or value.encode() not in data, name


def test_the_sealed_block_opens_for_its_subject() -> None:
    statement = read(a_submission(a_pemilih_submission()))
    block = PemilihV1.model_validate_json(statement.data).pribadi
    assert DataPribadi.model_validate_json(KEYS.open(statement.subject, block)).nik == NIK


def test_a_voter_is_retracted_by_nik_and_the_nik_is_not_kept() -> None:
    event = {"type": "pemilih.retracted.v1", "data": {"nik": NIK, "alasan": "pindah"}}
    statement = read(event)
    assert statement.subject == pemilih_subject(OFFICE, KEYS.nik_token(NIK))
    assert statement.data == b'{"alasan":"pindah"}'


def test_two_retractions_for_one_reason_are_two_statements() -> None:
    first, second = (
        {"type": "c_hasil.retracted.v1", "subject": c_hasil_subject(KONTES_GUBERNUR, tps), "data": {"alasan": "salah"}}
        for tps in (TPS, TPS[:-1] + "2")
    )
    assert read(first).fingerprint != read(second).fingerprint


def test_the_office_comes_from_the_key_and_not_from_the_body() -> None:
    assert codes_of(a_submission(a_c_hasil(), source="/kpu/3204")) == ["SOURCE-FOREIGN"]


@pytest.mark.parametrize("about", [a_c_hasil(), a_tps(), a_d_hasil(), a_pemilih_submission()])
def test_a_neighbour_may_not_speak_of_our_records(about: Any) -> None:
    assert codes_of(a_submission(about), office="3204") == ["SUBJECT-FOREIGN"]


def test_the_province_keeps_no_voters() -> None:
    assert codes_of({"type": "pemilih.retracted.v1", "data": {"nik": NIK, "alasan": "pindah"}}, office="32") == [
        "SUBJECT-FOREIGN"
    ]


def test_a_subject_must_be_what_the_data_is_about() -> None:
    other = c_hasil_subject(KONTES_GUBERNUR, TPS[:-1] + "2")
    assert codes_of({**a_submission(a_c_hasil()), "subject": other}) == ["SUBJECT-MISMATCH"]


def test_a_retraction_must_name_what_it_takes_back() -> None:
    event = {"type": "c_hasil.retracted.v1", "data": a_retraction().model_dump(mode="json")}
    assert codes_of(event) == ["SUBJECT-MISSING"]
    assert codes_of({**event, "subject": f"tps/pilkada-2024/{TPS}"}) == ["SUBJECT-MISMATCH"]


@pytest.mark.parametrize("place", ["id", "dokumen"])
def test_a_nik_in_an_open_field_is_refused_and_not_shown(place: str) -> None:
    sent = a_pemilih_submission(dokumen=f"akta {NIK}" if place == "dokumen" else None)
    event = a_submission(sent, **({"id": f"voter-{NIK}"} if place == "id" else {}))
    with pytest.raises(RefusedError) as refused:
        read(event)
    [refusal] = refused.value.refusals
    assert refusal.code == "PERSONAL-IN-CLEAR"
    assert NIK not in repr(refusal)


@pytest.mark.parametrize(
    "broken",
    [
        {"nik": int(NIK)},
        {"nik": float(NIK)},
        {"nik": [NIK]},
        {NIK: "kolom tergeser"},
        {"SITI AMINAH": NIK},
        {"jenis_kelamin": NIK},
        {"desa": NIK},
        {"tanggal_lahir": int(NIK)},
    ],
)
def test_no_answer_about_a_voter_shows_what_is_personal(broken: dict[str, Any]) -> None:
    event = a_submission(a_pemilih_submission())
    event["data"] |= broken
    for line in (
        orjson.dumps(event, option=orjson.OPT_NON_STR_KEYS),
        orjson.dumps({**event, "type": "c_hasil.recorded.v1"}),
    ):
        with pytest.raises(RefusedError) as refused:
            read(line)
        shown = repr(refused.value.refusals)
        assert NIK not in shown
        assert "AMINAH" not in shown


def test_a_change_of_256_kib_is_the_largest() -> None:
    assert codes_of(b" " * (CHANGE_BYTES_MAX + 1)) == ["LINE-TOO-LARGE"]


def test_the_type_of_the_event_counts_wherever_it_stands() -> None:
    data = {"alasan": 'katanya "type":"tps.recorded.v1"'}
    event = {"data": data, "type": "c_hasil.retracted.v1", "subject": c_hasil_subject(KONTES_GUBERNUR, TPS)}
    assert read(event).type == "c_hasil.retracted.v1"
    assert read(
        b'{ "type" : "tps.recorded.v1", "data": {"pemilihan": "pilkada-2024", "tps": "%s"} }' % TPS.encode()
    ).key


def test_a_year_that_no_store_could_hold_is_refused() -> None:
    assert codes_of(a_submission(a_c_hasil(), time="0001-01-01T00:00:00+07:00")) == ["FIELD-INVALID"]


def test_digits_of_other_scripts_are_no_code() -> None:
    arabic = TPS[:12] + "\N{ARABIC-INDIC DIGIT ONE}"
    assert codes_of({"type": "tps.recorded.v1", "data": {"pemilihan": "pilkada-2024", "tps": arabic}}) == [
        "FIELD-INVALID"
    ]
