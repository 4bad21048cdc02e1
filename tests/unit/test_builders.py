"""What the builders make is valid, so a test that alters one thing tests that one thing."""

from __future__ import annotations

import pytest

from contracts.batch import LineFindings, findings_from, header_from
from contracts.codec import decode
from contracts.envelope import Change, ClosedModel
from contracts.personal import DataPribadi
from contracts.submission import SUBMISSION_TYPES
from contracts.verdict import Tier
from services.runtime.kafka import headers_in
from tests import builders as b


@pytest.mark.parametrize("about", [b.a_tps(), b.a_c_hasil(), b.a_d_hasil(), b.a_pemilih(), b.a_retraction()])
def test_every_record_travels_as_a_change(about: ClosedModel) -> None:
    change = decode(b.a_line(about))
    assert isinstance(change, Change)
    assert change.data == about


@pytest.mark.parametrize("about", [b.a_tps(), b.a_c_hasil(), b.a_d_hasil(), b.a_pemilih_submission()])
def test_every_record_can_be_submitted(about: ClosedModel) -> None:
    event = b.a_submission(about)
    SUBMISSION_TYPES[event["type"]].model.model_validate(event)


@pytest.mark.parametrize("votes", [None, {"1000026": 0}, {"1000026": 1}, {"1000026": 700, "1000027": 3}])
def test_a_form_adds_up_whatever_its_votes(votes: dict[str, int] | None) -> None:
    form = b.a_c_hasil(perolehan_suara=votes)
    boxes = form.model_dump()
    assert form.suara_sah == sum(v or 0 for v in (form.perolehan_suara or {}).values())
    assert form.suara_total == (form.suara_sah or 0) + (form.suara_tidak_sah or 0) == form.pengguna_total_j
    assert form.ss_digunakan == form.suara_total
    assert form.ss_diterima == boxes["ss_digunakan"] + boxes["ss_rusak"] + boxes["ss_sisa"]
    rows = ("pemilih_dpt", "pengguna_dpt", "pengguna_dptb", "pengguna_dpk", "pengguna_total", "disabilitas")
    for row in rows:
        assert boxes[f"{row}_l"] + boxes[f"{row}_p"] == boxes[f"{row}_j"], row
    for column in "lpj":
        parts = (boxes[f"pengguna_{row}_{column}"] for row in ("dpt", "dptb", "dpk"))
        assert sum(parts) == boxes[f"pengguna_total_{column}"]
        assert boxes[f"pengguna_dpt_{column}"] <= boxes[f"pemilih_dpt_{column}"]
        assert boxes[f"disabilitas_{column}"] <= boxes[f"pengguna_total_{column}"]


def test_a_recapitulation_is_the_sum_of_its_rows() -> None:
    form = b.a_d_hasil("3279")
    assert set(form.rincian) == {"327901", "327902", "327903", "327904"}
    for calon, suara in (form.perolehan_suara or {}).items():
        assert suara == sum((row.perolehan_suara or {})[calon] or 0 for row in form.rincian.values())


def test_a_sealed_voter_opens_to_what_was_sent() -> None:
    sent = b.a_pemilih_submission(7)
    sealed = b.a_pemilih(sent)
    opened = DataPribadi.model_validate_json(b.KEYS.open(b.subject_of(sealed), sealed.pribadi))
    assert opened.nik == sent.nik
    assert sent.nik.encode() not in b.a_line(sealed)


def test_a_record_says_which_stretch_it_carries() -> None:
    finding = LineFindings(sequence=4, held=True, findings=[b.a_finding(tier=Tier.HOLD)])
    batch = b.a_batch([b.a_line(sequence=4), b.a_line(sequence=5)], first=4, findings=[finding])
    headers = headers_in(b.a_record(batch))
    header = header_from(headers)
    assert header is not None
    assert (header.first, header.last, header.count) == (4, 5, 2)
    assert findings_from(headers) == [finding]
