"""The C.Hasil of one kontes at one TPS as it was truly counted: every sum on it is right."""

from __future__ import annotations

from math import ceil
from typing import Any, Final

from contracts.pemilihan import KONTES
from contracts.reference.calon import DaftarCalon
from deploy.demo.chance import between, draw, pair
from deploy.demo.register import Tps

KONTES_OF_EVENING: Final = ("pkwkp-2024", "pkwkk-2024")

Form = dict[str, Any]
"""The boxes of a form, without kontes and TPS; ``None`` where nothing was read."""

_GUBERNUR_PER_MILLE: Final = (97, 93, 188, 622)
"""What the four pairs for governor had in the province (DOMAIN.md 5)."""
_TURNOUT_PER_MILLE: Final = (570, 740)
"""Of the DPT: 65.5 % in the mean; with those from outside the list 66 %, as in Jawa Barat in 2024."""


class Ballots:
    """How the voters of each kabupaten lean in each kontes."""

    def __init__(self, calon: DaftarCalon, offices: tuple[str, ...], seed: str) -> None:
        """Lean for ``offices`` as ``seed`` will have it."""
        self._leaning: dict[tuple[str, str], tuple[tuple[str, int], ...]] = {}
        for office in offices:
            for kode in KONTES_OF_EVENING:
                options = [option.id for option in calon.for_(KONTES[kode], office)]
                assert options, f"nobody stands in {kode} at {office}"
                drawn = draw(f"{seed}/condong/{kode}/{office}")
                if kode == KONTES_OF_EVENING[0]:
                    weights = [share * between(drawn[nth], 70, 130) for nth, share in enumerate(_GUBERNUR_PER_MILLE)]
                else:
                    weights = [100 * between(drawn[nth], 30, 130) for nth in range(len(options))]
                self._leaning[office, kode] = tuple(zip(options, weights, strict=True))

    def options(self, office: str, kontes: str) -> tuple[str, ...]:
        """Return the ids on the ballot of an office."""
        return tuple(calon for calon, _ in self._leaning[office, kontes])

    def counted(self, tps: Tps, kontes: str, drawn: bytes) -> Form:
        """Return what was counted at a TPS, for 32 bytes of chance."""
        used_l, used_p = _used(tps.dpt_l, drawn[0], drawn[1]), _used(tps.dpt_p, drawn[2], drawn[3])
        dptb_l, dptb_p, dpk_l, dpk_p = (drawn[4] & 1, drawn[5] & 1, between(drawn[6], 0, 2), between(drawn[7], 0, 2))
        total_l, total_p = used_l + dptb_l + dpk_l, used_p + dptb_p + dpk_p
        total = total_l + total_p
        # Two to six percent of all votes are invalid: four in the mean.
        invalid = total * between(drawn[8], 20, 60) // 1000
        sah = total - invalid
        received = tps.dpt + ceil(KONTES[kontes].pemilihan.cadangan * tps.dpt)
        spoilt = min(between(drawn[9], 0, 2), received - total)
        disabled_l, disabled_p = min(between(drawn[10], 0, 2), total_l), min(between(drawn[11], 0, 2), total_p)
        return {
            "disabilitas_j": disabled_l + disabled_p,
            "disabilitas_l": disabled_l,
            "disabilitas_p": disabled_p,
            "pemilih_dpt_j": tps.dpt_l + tps.dpt_p,
            "pemilih_dpt_l": tps.dpt_l,
            "pemilih_dpt_p": tps.dpt_p,
            "pengguna_dpk_j": dpk_l + dpk_p,
            "pengguna_dpk_l": dpk_l,
            "pengguna_dpk_p": dpk_p,
            "pengguna_dpt_j": used_l + used_p,
            "pengguna_dpt_l": used_l,
            "pengguna_dpt_p": used_p,
            "pengguna_dptb_j": dptb_l + dptb_p,
            "pengguna_dptb_l": dptb_l,
            "pengguna_dptb_p": dptb_p,
            "pengguna_total_j": total,
            "pengguna_total_l": total_l,
            "pengguna_total_p": total_p,
            "perolehan_suara": self._votes(tps.kode[:4], kontes, sah, drawn),
            "ss_digunakan": total,
            "ss_diterima": received,
            "ss_rusak": spoilt,
            "ss_sisa": received - total - spoilt,
            "suara_sah": sah,
            "suara_tidak_sah": invalid,
            "suara_total": total,
        }

    def _votes(self, office: str, kontes: str, sah: int, drawn: bytes) -> dict[str, int]:
        leaning = self._leaning[office, kontes]
        weights = [weight * (192 + drawn[12 + nth] // 2) for nth, (_, weight) in enumerate(leaning)]
        whole = sum(weights)
        votes = {calon: sah * weight // whole for (calon, _), weight in zip(leaning, weights, strict=True)}
        # What rounding leaves over goes to whoever stands last.
        votes[leaning[-1][0]] += sah - sum(votes.values())
        return votes


def _used(dpt: int, high: int, low: int) -> int:
    least, most = _TURNOUT_PER_MILLE
    return dpt * (least + pair(bytes((high, low)), 0) * (most - least) // 65_536) // 1000
