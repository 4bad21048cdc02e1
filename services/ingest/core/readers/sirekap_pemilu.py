"""Sirekap of Pemilu 2024: one file for each TPS of the presidential count becomes one C.Hasil (DOMAIN.md 3.1).

A block that Sirekap has not read is null and stays null: a figure that is not known is never zero.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any, Final

from contracts.json_words import json_word
from services.ingest.core.refusal import refuse

KONTES: Final = "ppwp-2024"

_NAME: Final = re.compile(r"(\d{13})(?:\.json)?", re.ASCII)
_KNOWN: Final = frozenset({"mode", "chart", "images", "administrasi", "psu", "ts", "status_suara", "status_adm"})
_SAME: Final = tuple(
    f"{row}_{column}" for row in ("pemilih_dpt", "pengguna_dpt", "pengguna_dptb", "pengguna_total") for column in "lpj"
)
# Sirekap's name for DPK: voters who were on no list.
_RENAMED: Final = {f"pengguna_non_dpt_{column}": f"pengguna_dpk_{column}" for column in "lpj"}
_BOXES: Final = {
    **{name: name for name in _SAME},
    **_RENAMED,
    **{name: name for name in ("suara_sah", "suara_tidak_sah", "suara_total")},
}
_NULL_KEY: Final = "null"
_FOTO: Final = re.compile(r"[A-Za-z0-9+/=_.:-]{1,200}")
_REGULER: Final = frozenset({"", "reguler"})
_RECOUNTED: Final = frozenset({"hitung ulang", "hitung_ulang", "psu hitung ulang"})
_MARK_LENGTH_MAX: Final = 100


def read(file: dict[str, Any], nama: str, kontes: str | None) -> dict[str, Any]:
    """Return the C.Hasil that the file of one TPS states. The TPS is named by the file's name alone.

    Raises:
        RefusedError: the name holds no TPS, or the file has fields that nobody knows.
    """
    name = _NAME.fullmatch(nama.replace("\\", "/").rsplit("/", 1)[-1])
    if name is None:
        raise refuse(code="QUERY-INVALID", pointer="/nama", seen="another name", expected="<13 digits of the TPS>.json")
    _no_more_than(file, _KNOWN, "")
    form: dict[str, Any] = {"kontes": kontes or KONTES, "tps": name[1]}
    form["perolehan_suara"] = _votes(file.get("chart"))
    boxes = _object(file.get("administrasi"), "/administrasi")
    if boxes is not None:
        _no_more_than(boxes, _BOXES.keys(), "/administrasi")
        form |= {_BOXES[box]: figure for box, figure in boxes.items()}
    foto = _foto(file.get("images"))
    if foto:
        form["foto"] = foto
    mark = " ".join(str(file.get("psu") or "").split())
    if mark.lower() not in _REGULER:
        form["jenis_kejadian"] = "hitung_ulang" if mark.lower() in _RECOUNTED else "psu"
        # What the source says of itself is a reason; the document that ordered it stands in no file of Sirekap.
        form["koreksi"] = {"alasan": f"Sirekap menandai hasil ini {mark[:_MARK_LENGTH_MAX]}"}
    if file.get("ts") is not None:
        # A batch stamp without a zone, not the time of anything: shown, never compared.
        form["waktu_sumber"] = file["ts"]
    return {"specversion": "1.0", "type": "c_hasil.recorded.v1", "data": form}


def _votes(chart: Any) -> dict[str, Any] | None:
    """Return the votes by candidate; null when there are none, which is what a chart with only ``"null"`` means."""
    votes = _object(chart, "/chart")
    if votes is None:
        return None
    if votes.get(_NULL_KEY) is not None:
        raise refuse(code="SIREKAP-UNKNOWN", pointer="/chart/null", seen="votes for nobody", expected="null")
    return {calon: suara for calon, suara in votes.items() if calon != _NULL_KEY} or None


def _foto(images: Any) -> list[str]:
    """Return the names of the photographs; a place without one is null and left out."""
    if not isinstance(images, list):
        return []
    urls = [str(image) for image in images if image is not None]
    names = [url.rsplit("/", 1)[-1] for url in urls]
    return [
        name if _FOTO.fullmatch(name) else hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
        for name, url in zip(names, urls, strict=True)
    ]


def _object(value: Any, pointer: str) -> dict[str, Any] | None:
    if value is not None and not isinstance(value, dict):
        raise refuse(code="SIREKAP-UNKNOWN", pointer=pointer, seen=json_word(value), expected="an object or null")
    return value


def _no_more_than(found: dict[str, Any], known: Any, pointer: str) -> None:
    if unknown := sorted(found.keys() - set(known)):
        seen = f"{len(unknown)} further fields"
        raise refuse(code="SIREKAP-UNKNOWN", pointer=pointer, seen=seen, expected=f"only {', '.join(sorted(known))}")
