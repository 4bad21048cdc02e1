"""Many notices are one announcement."""

from __future__ import annotations

import pytest

from services.gateway.core.announcement import announcement_of, notice_from
from tests.builders import KONTES_GUBERNUR, TPS

PAYLOAD = f'{{"lane":"hasil","areas":[{{"kontes":"{KONTES_GUBERNUR}","wilayah":"{TPS[:10]}"}}]}}'


def test_an_area_is_announced_once_however_often_it_was_told() -> None:
    notice = notice_from(PAYLOAD)
    assert notice is not None
    [area] = announcement_of([notice, notice]).areas
    assert (area.lane, area.kontes, area.wilayah) == ("hasil", KONTES_GUBERNUR, TPS[:10])


def test_too_many_areas_are_announced_by_kabupaten() -> None:
    areas = ",".join(f'{{"kontes":null,"wilayah":"327901{number:04}"}}' for number in range(600))
    notice = notice_from(f'{{"lane":"hasil","areas":[{areas}]}}')
    assert notice is not None
    assert [area.wilayah for area in announcement_of([notice]).areas] == ["3279"]


@pytest.mark.parametrize("payload", ["", "halo", "[]", '{"lane":"hasil"}', '{"lane":"x","areas":[]}', "\0"])
def test_what_is_no_notice_raises_nothing(payload: str) -> None:
    assert notice_from(payload) is None
