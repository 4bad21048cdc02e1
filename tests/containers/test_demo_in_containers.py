"""The demo profile: an evening pushed at a province in containers, which must come out right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.containers.engine import missing
from tests.containers.province import Province


def test_an_evening_comes_out_right(tmp_path: Path) -> None:
    if what := missing():
        pytest.fail(what, pytrace=False)
    # One TPS of a hundred: every kind of mistake is among them.
    province = Province(tmp_path, DEMO_SCALE="0.01", DEMO_PACE="10", DEMO_VOTERS="2700")
    try:
        province.build()
        # It ends with another code than 0 when one total, one book or one receipt is not what was fed.
        province.evening()
    finally:
        province.remove()
