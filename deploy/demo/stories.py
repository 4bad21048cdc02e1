"""Stories: what becomes of one form in the course of the evening, step by step, with the fate of each step."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from itertools import accumulate
from typing import Final, Literal

from deploy.demo.chance import pair
from deploy.demo.defects import DEFECTS, Defect
from deploy.demo.plan import Fate

WHOLE: Final = 10_000
"""Shares of stories are out of so many."""


class Says(Enum):
    """What a step of a story says."""

    FORM = "form"
    RETRACTION = "retraction"
    TPS = "tps"
    """The TPS itself is registered, long after it should have been."""
    AGAIN = "again"
    """The office says nothing: its ingest says the form once more when what it lacked has come."""


class About(Enum):
    """Which TPS stands on the form."""

    OWN = "own"
    MISTYPED = "mistyped"
    """A number that the desa does not have."""
    FOREIGN = "foreign"
    """A TPS of another kabupaten."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing an office says in a story."""

    fate: Fate
    says: Says = Says.FORM
    gap: float = 0.05
    """Share of the evening that passes, in the mean, since the step before."""
    defect: str = ""
    about: About = About.OWN
    unknown_calon: bool = False
    """A candidate stands on the form who stands on no ballot here."""
    negative: bool = False
    base: int | None = None
    """The step whose version this one was made from."""
    koreksi: bool = False
    kejadian: Literal["reguler", "psu", "hitung_ulang"] = "reguler"
    same_as: int | None = None
    """The step whose content this one says again …"""
    same_id: bool = True
    """… under its id, or under a new one."""
    mends: int | None = None
    """The step that has to be rejected before this one can be said."""
    code: str = ""
    """Of the refusal."""


@dataclass(frozen=True, slots=True)
class Story:
    """What becomes of one form."""

    name: str
    share: int
    """Of ``WHOLE`` forms; 0 for what befalls a form for another reason."""
    steps: tuple[Step, ...]

    @property
    def last(self) -> Step:
        """The step that decides what stands in the store when the evening is over."""
        return [
            step
            for step in self.steps
            if step.says is not Says.TPS and step.about is About.OWN and step.fate in {Fate.ACCEPTED, Fate.HELD}
        ][-1]


_FINE: Final = Step(Fate.ACCEPTED)
_REPEATED: Final = Step(Fate.REPEATED, same_as=0, gap=0.01)
_RETRACTED: Final = Step(Fate.ACCEPTED, says=Says.RETRACTION)
_CORRECTED: Final = Step(Fate.ACCEPTED, koreksi=True, base=0)
_WRONG_ONCE_IN: Final = 8
"""Of 32 real corrections that could be checked, four made it worse (DOMAIN.md 0, fact 4)."""

CLEAN: Final = Story("benar", 0, (_FINE,))
BEFORE_ITS_TPS: Final = Story(
    "sebelum-tps-terdaftar",
    0,
    (
        Step(Fate.HELD),
        Step(Fate.ACCEPTED, says=Says.TPS, gap=0.03),
        # And no correction after it: whether ingest or the office speaks first would be a matter of milliseconds.
        Step(Fate.ACCEPTED, says=Says.AGAIN),
    ),
)
"""A result from a TPS that its office has forgotten to register."""

_ODD: Final = (
    Story("id-terkirim-dua-kali", 100, (_FINE, _REPEATED)),
    Story("isi-terkirim-dua-kali", 60, (_FINE, replace(_REPEATED, same_id=False))),
    Story(
        "koreksi-mendahului",
        30,
        (
            Step(Fate.REFUSED, koreksi=True, base=1, code="BASE-OUTDATED"),
            Step(Fate.HELD, defect="suara-salah-baca", gap=0.01),
            Step(Fate.ACCEPTED, same_as=0, gap=0.02),
        ),
    ),
    Story("tps-salah-ketik", 10, (
        Step(Fate.HELD, about=About.MISTYPED),
        Step(Fate.ACCEPTED, says=Says.RETRACTION, about=About.MISTYPED),
        _FINE,
    )),
    Story("calon-tak-dikenal", 10, (Step(Fate.REJECTED, unknown_calon=True), replace(_FINE, mends=0))),
    Story("tps-kabupaten-lain", 8, (Step(Fate.REFUSED, about=About.FOREIGN, code="SUBJECT-FOREIGN"), _FINE)),
    Story("angka-negatif", 8, (Step(Fate.REFUSED, negative=True, code="RES-NONNEG-INT"), _FINE)),
    Story("ditarik-lalu-diisi", 20, (_FINE, _RETRACTED, Step(Fate.ACCEPTED, same_as=0, same_id=False))),
    Story("ditarik", 4, (_FINE, _RETRACTED)),
    Story("psu", 3, (_FINE, Step(Fate.ACCEPTED, koreksi=True, base=0, kejadian="psu", gap=0.1))),
    Story("hitung-ulang", 5, (
        Step(Fate.ACCEPTED, defect="pengguna-bukan-suara"),
        Step(Fate.ACCEPTED, koreksi=True, base=0, kejadian="hitung_ulang", gap=0.1),
    )),
)  # fmt: skip


def _of_defect(defect: Defect) -> Iterator[Story]:
    """Yield how a form with ``defect`` may end: uncorrected, corrected, or corrected wrongly first."""
    first = Step(defect.fate, defect=defect.name)
    corrected = defect.per_10_000 * defect.corrected_percent // 100
    twice = corrected // _WRONG_ONCE_IN if defect.fate is Fate.HELD else 0
    yield Story(f"{defect.name}/tetap", defect.per_10_000 - corrected, (first,))
    yield Story(f"{defect.name}/dikoreksi", corrected - twice, (first, _CORRECTED))
    again = Step(Fate.HELD, defect="suara-salah-baca", koreksi=True, base=0)
    half = twice // 2
    yield Story(f"{defect.name}/salah-dikoreksi", twice - half, (first, again))
    yield Story(f"{defect.name}/dikoreksi-dua-kali", half, (first, again, replace(_CORRECTED, base=1)))


_SPECIAL: Final = (*_ODD, *(story for defect in DEFECTS.values() for story in _of_defect(defect) if story.share))
STORIES: Final = (replace(CLEAN, share=WHOLE - sum(story.share for story in _SPECIAL)), *_SPECIAL)
"""Every story a form may have, with its share."""

_ENDS: Final = tuple(accumulate(story.share for story in STORIES))


def story_of(drawn: bytes) -> Story:
    """Return the story that two bytes of chance choose."""
    return STORIES[bisect_right(_ENDS, pair(drawn, 0) * WHOLE // 65_536)]
