"""Sirekap of Pilkada 2024: one file for each wilayah becomes one D.Hasil of the running count (DOMAIN.md 3.2).

Candidates stand beside ``progres`` and ``psu`` in one object; the chart of a wilayah that spans several lists has none.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import Any, Final

from contracts.json_words import json_word
from services.ingest.core.refusal import refuse

_NAME: Final = re.compile(r"(\d{2}(?:\d{2}(?:\d{2}(?:\d{4})?)?)?)(?:\.json)?", re.ASCII)
_CALON: Final = re.compile(r"[0-9]{1,12}")
_KNOWN: Final = frozenset({"mode", "tungsura", "psu", "progres", "ts"})
_KNOWN_IN_TUNGSURA: Final = frozenset({"chart", "table"})
_KNOWN_IN_CHART: Final = frozenset({"progres", "persen", "psu", "null"})
_KNOWN_IN_ROW: Final = _KNOWN_IN_CHART | {"status_progress"}


def read(file: dict[str, Any], nama: str, kontes: str | None) -> dict[str, Any]:
    """Return the D.Hasil that the file of one wilayah states, with a row for each child.

    Raises:
        RefusedError: wilayah or kontes is not named, or the file has another shape.
    """
    name = _NAME.fullmatch(nama.replace("\\", "/").rsplit("/", 1)[-1])
    if name is None:
        raise refuse(code="QUERY-INVALID", pointer="/nama", seen="another name", expected="<kode wilayah>.json")
    if kontes is None:
        raise refuse(code="QUERY-INVALID", pointer="/kontes", seen="nothing", expected="pkwkp-2024 or pkwkk-2024")
    _no_more_than(file, _KNOWN, "")
    count = _object(file["tungsura"], "/tungsura")
    _no_more_than(count, _KNOWN_IN_TUNGSURA, "/tungsura")
    chart = _object(count.get("chart"), "/tungsura/chart")
    table = _object(count.get("table"), "/tungsura/table")
    recap: dict[str, Any] = {
        "kontes": kontes,
        "jalur": "hitung",
        "wilayah": name[1],
        **_row({"progres": file.get("progres"), **chart}, _KNOWN_IN_CHART, "/tungsura/chart"),
        "rincian": {
            child: _row(
                _object(row, f"/tungsura/table/{_shown(child)}"), _KNOWN_IN_ROW, f"/tungsura/table/{_shown(child)}"
            )
            for child, row in table.items()
        },
    }
    if file.get("psu") is not None:
        recap["psu"] = file["psu"]
    if file.get("ts") is not None:
        recap["waktu_sumber"] = file["ts"]
    return {"specversion": "1.0", "type": "d_hasil.recorded.v1", "data": recap}


def _row(row: dict[str, Any], known: AbstractSet[str], pointer: str) -> dict[str, Any]:
    """Return votes and progress of one wilayah."""
    votes = {name: suara for name, suara in row.items() if _CALON.fullmatch(name)}
    _no_more_than({name: None for name in row if name not in votes}, known, pointer)
    if row.get("null") is not None:
        raise refuse(code="SIREKAP-UNKNOWN", pointer=f"{pointer}/null", seen="votes for nobody", expected="null")
    found: dict[str, Any] = {"perolehan_suara": votes or None}
    progres = row.get("progres")
    if progres is not None:
        of = _object(progres, f"{pointer}/progres")
        found |= {"tps_masuk": of.get("progres"), "tps_total": of.get("total")}
    if row.get("psu") is not None:
        found["psu"] = row["psu"]
    return found


def _object(value: Any, pointer: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise refuse(code="SIREKAP-UNKNOWN", pointer=pointer, seen=json_word(value), expected="an object")
    return value


def _no_more_than(found: dict[str, Any], known: AbstractSet[str], pointer: str) -> None:
    if unknown := found.keys() - known:
        seen = f"{len(unknown)} further fields"
        raise refuse(code="SIREKAP-UNKNOWN", pointer=pointer, seen=seen, expected=f"only {', '.join(sorted(known))}")


def _shown(kode: str) -> str:
    return kode if _CALON.fullmatch(kode) else "…"
