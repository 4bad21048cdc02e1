from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from deploy.demo.expected import Books, Expected, Totals, beside, differences
from deploy.demo.plan import Fate
from services.gateway.core.figure import Coverage
from services.gateway.core.neraca import Neraca
from tests.builders import some_votes

_KONTES = "pkwkp-2024"
_KABUPATEN = ("3272", "3279")


def _expected() -> Expected:
    fates = Counter({Fate.ACCEPTED: 5, Fate.HELD: 2, Fate.REJECTED: 1, Fate.REPEATED: 3, Fate.REFUSED: 4})
    sums = Counter(suara_sah=200, suara_tidak_sah=9, suara_total=209, pemilih_dpt=300, pengguna_total=209)
    return Expected(
        books={(office, "hasil"): Books(fates, held_now=1) for office in _KABUPATEN},
        totals={
            (office, _KONTES): Totals(reported=3, held=1, sums=sums, suara=Counter(some_votes(_KONTES, office)))
            for office in _KABUPATEN
        },
        registered=Counter(dict.fromkeys(_KABUPATEN, 4)),
        pemilih={office: Counter(aktif_l=7, aktif_p=8, tms=1) for office in _KABUPATEN},
    )


def _figure(value: int | None, parts: int, *, reported: int = 3, held: int = 1) -> dict[str, Any]:
    """Return a figure as the gateway writes it."""
    coverage = Coverage(reported=reported * parts, expected=4 * parts, held=held * parts, as_of=None)
    return coverage.figure(value).model_dump(mode="json")


def _status() -> dict[str, Any]:
    books = Neraca(
        submitted=8, accepted=5, held=2, rejected=1, in_flight=0,
        applied=7, duplicate=0, stale=0, conflict=0, parked=0, balanced=True,
    )  # fmt: skip
    return {
        "offices": [
            {"office": office, "lanes": [{"lane": "hasil", "neraca": books.model_dump(mode="json"), "held_now": 1}]}
            for office in _KABUPATEN
        ]
    }


def _wilayah(kode: str) -> dict[str, Any]:
    parts = 2 if kode == "32" else 1
    sums = {"suara_sah": 200, "suara_tidak_sah": 9, "suara_total": 209, "pemilih_dpt": 300, "pengguna_total": 209}
    return {
        "kode": kode,
        "kontes": [
            {
                "kode": _KONTES,
                **{name: _figure(value * parts, parts) for name, value in sums.items()},
                "perolehan_suara": [
                    {"id": calon, "suara": _figure(suara * parts, parts)}
                    for calon, suara in some_votes(_KONTES, kode).items()
                ],
            }
        ],
        "pemilih": {
            "aktif_l": _figure(7 * parts, parts),
            "aktif_p": _figure(8 * parts, parts),
            "tms": _figure(parts, parts),
        },
    }


def _answers() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    return _status(), [_wilayah(kode) for kode in ("32", *_KABUPATEN)]


def test_nothing_differs_when_all_that_was_fed_has_come_out() -> None:
    status, wilayah = _answers()

    assert differences(_expected(), status, wilayah) == []


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (
            lambda s, _: s["offices"][1]["lanes"][0]["neraca"].update(rejected=0),
            "3279 hasil: rejected is 0, fed were 1",
        ),
        (lambda s, _: s["offices"][1]["lanes"][0]["neraca"].update(in_flight=1), "3279 hasil: in_flight is 1"),
        (lambda s, _: s["offices"][1]["lanes"][0]["neraca"].update(balanced=False), "3279 hasil: balanced is False"),
        (lambda s, _: s["offices"][1]["lanes"][0].update(held_now=2), "3279 hasil: held_now is 2, fed were 1"),
        (lambda s, _: s["offices"].pop(), "3279 hasil: the status does not name it"),
        (lambda _, w: w[0]["kontes"][0]["suara_sah"].update(value=401), "32 pkwkp-2024: suara_sah.value is 401"),
        (lambda _, w: w[0]["kontes"][0]["suara_sah"].update(held=0), "32 pkwkp-2024: suara_sah.held is 0"),
        (lambda _, w: w[2]["kontes"].clear(), "3279 pkwkp-2024: the answer does not name it"),
        (lambda _, w: w[2]["kontes"][0]["perolehan_suara"].pop(), "3279 pkwkp-2024: calon 1000029 is missing"),
        (lambda _, w: w[2]["kontes"][0].update(perolehan_suara=None), "3279 pkwkp-2024: the answer has no votes"),
        (lambda _, w: w[1]["pemilih"]["tms"].update(value=None), "3272 pemilih: tms is 0, fed were 1"),
    ],
)
def test_every_difference_is_said_with_both_sides(
    spoil: Callable[[dict[str, Any], list[dict[str, Any]]], None], said: str
) -> None:
    status, wilayah = _answers()
    spoil(status, wilayah)

    assert any(said in difference for difference in differences(_expected(), status, wilayah))


def test_an_office_that_fed_nothing_must_have_nothing() -> None:
    status, wilayah = _answers()
    status["offices"].append({**_status()["offices"][0], "office": "3274"})

    assert "3274 hasil: submitted is 8, fed were 0" in differences(_expected(), status, wilayah)


def test_a_wilayah_in_which_nothing_counts_shows_no_value() -> None:
    expected, (status, _) = _expected(), _answers()
    nothing = Totals(held=4)
    expected.totals["3279", _KONTES] = nothing
    shown = _wilayah("3279")
    for name, value in shown["kontes"][0].items():
        if isinstance(value, dict):
            shown["kontes"][0][name] = _figure(None, 1, reported=0, held=4)
    for entry in shown["kontes"][0]["perolehan_suara"]:
        entry["suara"] = _figure(None, 1, reported=0, held=4)

    assert differences(expected, status, [shown]) == []


def _pushed_by_hand(status: dict[str, Any], wilayah: list[dict[str, Any]]) -> None:
    """Add to both answers one TPS of Kota Banjar whose form is held, which the demo did not feed."""
    neraca = status["offices"][1]["lanes"][0]["neraca"]
    neraca.update(submitted=10, accepted=6, held=3, applied=9)
    status["offices"][1]["lanes"][0]["held_now"] = 2
    for detail in (wilayah[0], wilayah[2]):
        [kontes] = detail["kontes"]
        figures = [value for value in kontes.values() if isinstance(value, dict)]
        for figure in (*figures, *(entry["suara"] for entry in kontes["perolehan_suara"])):
            figure["expected"] += 1
            figure["held"] += 1


def test_what_somebody_else_pushed_is_counted_and_told_from_what_differs() -> None:
    status, wilayah = _answers()
    _pushed_by_hand(status, wilayah)

    more = beside(_expected(), status)

    assert more == {("3279", "hasil"): 2}
    assert differences(_expected(), status, wilayah), "without it, it would be a fault"
    assert differences(_expected(), status, wilayah, more) == []


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda s, _: s["offices"][0]["lanes"][0]["neraca"].update(rejected=0), "3272 hasil: rejected is 0"),
        (lambda s, _: s["offices"][1]["lanes"][0]["neraca"].update(rejected=0), "3279 hasil: rejected is 0"),
        (lambda s, _: s["offices"][1]["lanes"][0]["neraca"].update(in_flight=1), "3279 hasil: in_flight is 1"),
        (lambda s, _: s["offices"][1]["lanes"][0]["neraca"].update(balanced=False), "3279 hasil: balanced is False"),
        (lambda _, w: w[0]["kontes"][0]["suara_sah"].update(value=401), "32 pkwkp-2024: suara_sah.value is 401"),
        (lambda _, w: w[1]["kontes"][0]["suara_sah"].update(held=0), "3272 pkwkp-2024: suara_sah.held is 0"),
        (lambda _, w: w[2]["pemilih"]["tms"].update(value=2), "3279 pemilih: tms is 2"),
    ],
)
def test_what_somebody_else_pushed_hides_no_difference_elsewhere(
    spoil: Callable[[dict[str, Any], list[dict[str, Any]]], None], said: str
) -> None:
    status, wilayah = _answers()
    _pushed_by_hand(status, wilayah)
    spoil(status, wilayah)

    found = differences(_expected(), status, wilayah, beside(_expected(), status))

    assert any(said in difference for difference in found)


def test_a_voter_pushed_by_hand_changes_what_is_expected_of_the_province() -> None:
    expected, (status, wilayah) = _expected(), _answers()
    expected.books["3279", "pemilih"] = Books(Counter({Fate.ACCEPTED: 16}))
    neraca = Neraca(
        submitted=17, accepted=17, held=0, rejected=0, in_flight=0,
        applied=17, duplicate=0, stale=0, conflict=0, parked=0, balanced=True,
    )  # fmt: skip
    lanes = status["offices"][1]["lanes"]
    lanes.append({"lane": "pemilih", "neraca": neraca.model_dump(mode="json"), "held_now": 0})
    for detail in (wilayah[0], wilayah[2]):
        detail["pemilih"]["aktif_p"]["value"] += 1

    assert differences(expected, status, wilayah, beside(expected, status)) == []
