"""Tiers: a province lays its own table over the standing one, and nothing but the table decides the verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.verdict import Accepted, Held, Rejected, Tier
from services.runtime.errors import FatalError
from services.validator.app import build
from services.validator.core.judge import bench_of, judge
from services.validator.core.register import Register
from services.validator.core.rules import all_rules
from services.validator.core.tiers import TIERS, tiers_allowed, tiers_from
from services.validator.settings import Settings
from tests.builders import KEYS, PILKADA, TPS, a_c_hasil, a_line
from tests.unit.validator.courtroom import HERE, a_reference


def test_every_standing_tier_is_one_its_rule_may_have() -> None:
    assert all(tier in tiers_allowed(code) for code, tier in TIERS.items())


def test_a_table_for_one_pemilihan_goes_before_the_one_for_all() -> None:
    tiers = tiers_from("code,tier,pemilihan\nRES-SUM-PASLON,flag,\nRES-SUM-PASLON,reject,pilkada-2024\n")
    assert tiers.of("RES-SUM-PASLON", PILKADA) is Tier.REJECT
    assert tiers.of("RES-SUM-PASLON", "pemilu-2024") is Tier.FLAG
    assert tiers.of("RES-SUM-VALID", PILKADA) is TIERS["RES-SUM-VALID"]


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("RES-APA,hold,", "there is no rule 'RES-APA'"),
        ("RES-SUM-PASLON,tahan,", "tier 'tahan'"),
        ("AUT-OWNER,info,", "AUT-OWNER may only be reject, not info"),
        ("RULE-FAULT,info,", "RULE-FAULT may only be hold"),
        ("RES-SUM-PASLON,hold,pilkada-1999", "pilkada-1999"),
        ("RES-DPT-CAP,info,\nRES-DPT-CAP,warn,", "stands here twice"),
    ],
)
def test_what_is_wrong_with_a_table_is_named(row: str, named: str) -> None:
    with pytest.raises(ValueError, match="line") as raised:
        tiers_from(f"code,tier,pemilihan\n{row}\nRES-SUM-VALID,apa,\n")
    assert named in str(raised.value)
    assert "RES-SUM-VALID has tier 'apa'" in str(raised.value), "all of it is named at once"


@pytest.mark.parametrize("text", ["", "kode;tingkat\n", "RES-SUM-PASLON,hold,\n"])
def test_a_table_without_its_header_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="header"):
        tiers_from(text)


def test_a_wrong_table_stops_the_start(tmp_path: Path) -> None:
    for name, content in (("key_id", "uji1"), ("seal.key", "00" * 32), ("token.key", "11" * 32)):
        (tmp_path / name).write_text(content, "utf-8")
    file = tmp_path / "tiers.csv"
    file.write_text("code,tier,pemilihan\nAUT-OWNER,info,\n", "utf-8")
    settings = Settings(
        kafka_bootstrap_servers="127.0.0.1:1", keys_folder=tmp_path, tiers_file=file, http_host="127.0.0.1", http_port=1
    )
    with pytest.raises(FatalError, match=r"VALIDATOR_TIERS_FILE.*AUT-OWNER may only be reject"):
        build(settings)


@pytest.mark.parametrize(
    ("tier", "verdict"),
    [("reject", Rejected), ("hold", Held), ("flag", Accepted), ("warn", Accepted), ("info", Accepted)],
)
def test_the_table_alone_decides_the_verdict(tier: str, verdict: type[object]) -> None:
    register = Register()
    register.note(f"tps/{PILKADA}/{TPS}", 1, 1, registered=True)
    tiers = tiers_from(f"code,tier,pemilihan\nRES-USED-EQ-VOTES,{tier},{PILKADA}\n")
    bench = bench_of(all_rules(), a_reference(), register, KEYS, tiers)
    # Both came to vote and gave a vote too little: everything but this one identity holds.
    good = a_c_hasil()
    assert good.suara_total is not None
    assert good.suara_tidak_sah is not None
    assert good.ss_digunakan is not None
    assert good.ss_sisa is not None
    one_less = a_c_hasil(
        suara_total=good.suara_total - 1,
        suara_tidak_sah=good.suara_tidak_sah - 1,
        ss_digunakan=good.ss_digunakan - 1,
        ss_sisa=good.ss_sisa + 1,
    )
    said = judge(a_line(one_less, sequence=2), HERE, bench)
    assert type(said) is verdict
    assert {finding.code: finding.tier.value for finding in said.findings} == {"RES-USED-EQ-VOTES": tier}
