"""The register of the demo: as many TPS in every kabupaten as Pilkada 2024 had there, in its real desa."""

from __future__ import annotations

from typing import Final, NamedTuple

from contracts.identifiers import TPS_LOKASI_KHUSUS_MIN
from deploy.demo.chance import between, draw

PROVINCE: Final = "32"

TPS_OF: Final = {
    "3201": 7908, "3202": 4318, "3203": 4054, "3204": 5859, "3205": 4418, "3206": 2847, "3207": 2084, "3208": 1927,
    "3209": 3318, "3210": 2111, "3211": 2012, "3212": 2780, "3213": 2652, "3214": 1462, "3215": 3793, "3216": 4236,
    "3217": 2562, "3218": 774, "3271": 1530, "3272": 551, "3273": 3590, "3274": 547, "3275": 3673, "3276": 2763,
    "3277": 823, "3278": 985, "3279": 285,
}  # fmt: skip
"""TPS of Pilkada 2024 by kabupaten, 73,862 in all (Sirekap; DOMAIN.md 5)."""

LOKASI_KHUSUS_OF: Final = {
    "3201": 11, "3202": 4, "3203": 2, "3204": 7, "3205": 3, "3207": 4, "3208": 3, "3209": 3, "3210": 1, "3211": 14,
    "3212": 6, "3213": 3, "3214": 2, "3215": 4, "3216": 4, "3271": 3, "3272": 4, "3273": 25, "3274": 6, "3275": 5,
    "3276": 12, "3278": 2, "3279": 2,
}  # fmt: skip
"""How many of them are lokasi khusus: as many as at Pemilu 2024, for Pilkada publishes no such count."""

_DPT_MIN: Final = 380
_DPT_HALF_SPREAD: Final = 106
"""Two throws of 0 to 106 on top of 380: 486 in the mean, which makes 35.9 million voters."""
_LOKASI_KHUSUS_DPT: Final = (120, 400)


class Tps(NamedTuple):
    """One TPS with the size of its list of voters."""

    kode: str
    dpt_l: int
    dpt_p: int

    @property
    def dpt(self) -> int:
        """Voters on its list."""
        return self.dpt_l + self.dpt_p


def register_of(office: str, desa: list[str], count: int, seed: str) -> list[Tps]:
    """Return ``count`` TPS of an office, spread over its ``desa`` in order of code."""
    share = count / TPS_OF[office]
    special = min(round(LOKASI_KHUSUS_OF.get(office, 0) * share), len(desa))
    specials = set(sorted(desa, key=lambda kode: draw(f"{seed}/khusus/{kode}"))[:special])
    made: list[Tps] = []
    for kode, tps in zip(desa, _spread(desa, count, seed), strict=True):
        for nth in range(1, tps + 1):
            is_special = kode in specials and nth == tps
            number = TPS_LOKASI_KHUSUS_MIN if is_special else nth
            made.append(_tps(f"{kode}{number:03}", seed, is_special=is_special))
    return made


def _spread(desa: list[str], count: int, seed: str) -> list[int]:
    """Return how many TPS each desa has: at least one where there are enough, bigger desa more."""
    least = 1 if count >= len(desa) else 0
    weights = [between(draw(f"{seed}/besar/{kode}")[0], 20, 100) for kode in desa]
    total, rest = sum(weights), count - least * len(desa)
    spread, before = [], 0
    for weight in weights:
        spread.append(least + (before + weight) * rest // total - before * rest // total)
        before += weight
    return spread


def _tps(kode: str, seed: str, *, is_special: bool) -> Tps:
    drawn = draw(f"{seed}/dpt/{kode}")
    if is_special:
        # A prison: most are men, and in some there is no woman at all (DOMAIN.md 0, fact 8).
        dpt = between(drawn[0], *_LOKASI_KHUSUS_DPT)
        women = 0 if drawn[1] & 1 else dpt // 20
        return Tps(kode, dpt - women, women)
    dpt = _DPT_MIN + between(drawn[0], 0, _DPT_HALF_SPREAD) + between(drawn[1], 0, _DPT_HALF_SPREAD)
    men = dpt // 2 + between(drawn[2], -12, 12)
    return Tps(kode, men, dpt - men)
