"""A decision at the desk is a change that ingest takes as any other."""

from __future__ import annotations

from uuid import uuid4

import orjson
import pytest

from contracts.identifiers import keputusan_subject
from services.desk.core.decision import PUTUSAN, Target, Why, case_id_of, lane_of_case, sasaran_in, statement_of
from services.ingest.core.statement import Reader
from tests.builders import KEYS, OFFICE, PROVINCE

DIGEST = "0c" * 16
WHY = Why("sesuai foto C.Hasil", None, "Anggota KPU Provinsi")


@pytest.mark.parametrize("putusan", sorted(set(PUTUSAN.values())))
def test_every_decision_is_taken_by_the_ingest_of_whoever_decides(putusan: str) -> None:
    target = Target("perkara" if putusan == "selesai" else "versi", OFFICE, "hasil", DIGEST)
    said = Reader(PROVINCE, KEYS).read(statement_of(target, putusan, WHY).rstrip(), 0)
    assert said.subject == keputusan_subject(PROVINCE, DIGEST)
    assert orjson.loads(said.data)["putusan"] == putusan


def test_the_same_words_are_the_same_statement_and_a_document_makes_another() -> None:
    target = Target("versi", OFFICE, "hasil", DIGEST)
    assert statement_of(target, "dilepas", WHY) == statement_of(target, "dilepas", WHY)
    other = statement_of(target, "dilepas", Why(WHY.alasan, "BA-7/PPK/2024", WHY.jabatan))
    assert orjson.loads(other)["data"]["dokumen"] == "BA-7/PPK/2024"


def test_a_target_is_read_as_it_is_shown_and_nothing_else_is_one() -> None:
    case = str(uuid4())
    assert sasaran_in(f" {DIGEST.upper()} ") == DIGEST
    assert case_id_of(sasaran_in(case) or "") == case
    assert [sasaran_in(seen) for seen in ("c_hasil/pkwkp-2024/3279011001001", DIGEST[:31], "")] == [None, None, None]
    assert (lane_of_case("VTR-GANDA"), lane_of_case("RES-DPT-MATCH")) == ("pemilih", "hasil")
