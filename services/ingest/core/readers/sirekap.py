"""Recognises a Sirekap file by its content: Pemilu and Pilkada publish different shapes under similar names."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import orjson
from pydantic import ValidationError

from contracts.codec import canonical_data, data_of
from contracts.events import CHasilV1
from contracts.identifiers import c_hasil_subject
from contracts.pemilihan import KONTES
from services.ingest.core.readers import sirekap_pemilu, sirekap_pilkada
from services.ingest.core.refusal import refuse

_READERS: Final[tuple[tuple[str, Callable[[dict[str, Any], str, str | None], dict[str, Any]]], ...]] = (
    ("tungsura", sirekap_pilkada.read),
    ("administrasi", sirekap_pemilu.read),
)


class Why(NamedTuple):
    """What an office adds to a file that says less than the rules ask of it."""

    alasan: str | None = None
    dokumen: str | None = None
    jabatan: str | None = None


def change_in(raw: bytes, *, nama: str, kontes: str | None, why: Why | None = None) -> bytes:
    """Return the one change that a file called ``nama`` states, as an office would send it.

    ``why`` is stated as koreksi: what the file gives as reason itself stands unless the office says another.

    Raises:
        RefusedError: it is no Sirekap file, one of a shape that is not known, or ``why`` holds no reason.
    """
    if kontes is not None and kontes not in KONTES:
        raise refuse(code="QUERY-INVALID", pointer="/kontes", seen="another kontes", expected=", ".join(KONTES))
    try:
        file = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_without_repetition, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise refuse(code="ENCODING-INVALID", seen=f"byte {error.start} of {len(raw)}", expected="UTF-8") from None
    except (ValueError, RecursionError):
        raise refuse(code="JSON-INVALID", seen=f"{len(raw)} bytes", expected="one JSON object") from None
    if isinstance(file, dict):
        for sign, read in _READERS:
            if sign in file:
                return _written(_explained(read(file, nama, kontes), why))
    raise refuse(
        code="SIREKAP-UNKNOWN",
        seen="a file without administrasi and without tungsura",
        expected="a TPS of Pemilu 2024 (administrasi) or a recapitulation of Pilkada 2024 (tungsura)",
    )


def marked_form(change: bytes) -> str | None:
    """Return the subject of a form that its source marks as a repeated poll or a recount; ``None`` of all else."""
    data = orjson.loads(change)["data"]
    if "koreksi" not in data or "tps" not in data:
        return None
    return c_hasil_subject(data["kontes"], data["tps"])


def explained_as_before(change: bytes, newest: bytes) -> bytes:
    """Return ``change`` with the reason, document and role that stand with the same figures in the line ``newest``.

    The file says them never: handed over once more it would take back what the office has added.
    """
    said, before = orjson.loads(change), orjson.loads(data_of(newest))
    try:
        form = CHasilV1.model_validate(said["data"])
    except ValidationError:
        # What is wrong with it is said by the way of every change.
        return change
    now = orjson.loads(canonical_data(form.model_dump(mode="json", exclude_defaults=True)))
    if "koreksi" not in before or {**now, "koreksi": None} != {**before, "koreksi": None}:
        return change
    return orjson.dumps({**said, "data": {**said["data"], "koreksi": before["koreksi"]}})


def _explained(change: dict[str, Any], why: Why | None) -> dict[str, Any]:
    added = {name: text for name, text in (why or Why())._asdict().items() if text is not None}
    if not added:
        return change
    koreksi = {**change["data"].get("koreksi", {}), **added}
    if "alasan" not in koreksi:
        expected = "why this replaces what was sent; the file has no mark that says so"
        raise refuse(code="QUERY-INVALID", pointer="/alasan", seen="nothing", expected=expected)
    return {**change, "data": {**change["data"], "koreksi": koreksi}}


def _written(change: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(change)
    except TypeError:
        # A number beyond 64 bits: the contract names it as no figure, so it must get there.
        return json.dumps(change).encode()


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise refuse(code="JSON-KEY-TWICE", seen="a key that stands twice in one object", expected="every key once")
    return found


def _no_constant(name: str) -> Any:
    message = f"{name} is no JSON"
    raise ValueError(message)
