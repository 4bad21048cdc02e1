"""What a person decides at her desk, as the statement that ingest is told."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

from contracts.identifiers import Lane

PUTUSAN: Final = {
    "lepas": "dilepas",
    "release": "dilepas",
    "kembalikan": "dikembalikan",
    "return": "dikembalikan",
    "selesai": "selesai",
    "settle": "selesai",
}
"""What may be decided, by what the operator calls it."""

_DIGEST: Final = re.compile(r"[0-9a-f]{32}")
_GROUPS: Final = ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32))
"""How the 32 digits of a UUID stand together."""
_VOTERS: Final = "VTR-"


@dataclass(frozen=True, slots=True)
class Target:
    """One version, or one case, that is decided about."""

    tentang: str
    kantor: str
    """Office that owns the version; for a case one that it concerns."""
    lajur: Lane
    sasaran: str


@dataclass(frozen=True, slots=True)
class Why:
    """Why it is decided so, on which document, and in which role."""

    alasan: str
    dokumen: str | None
    jabatan: str


def sasaran_in(written: str) -> str | None:
    """Return the digest of a version or the name of a case as a decision carries it, ``None`` when it is neither."""
    bare = written.strip().lower().replace("-", "")
    return bare if _DIGEST.fullmatch(bare) else None


def case_id_of(sasaran: str) -> str:
    """Return the name of a case as the gateway writes it."""
    return "-".join(sasaran[begin:end] for begin, end in _GROUPS)


def lane_of_case(code: str) -> Lane:
    """Return the lane of the records behind a case; what a code begins with tells what it is about."""
    return "pemilih" if code.startswith(_VOTERS) else "hasil"


def statement_of(target: Target, putusan: str, why: Why) -> bytes:
    """Return the change that states a decision. Stated again with the same words it is the same change."""
    data = {
        "tentang": target.tentang,
        "kantor": target.kantor,
        "lajur": target.lajur,
        "sasaran": target.sasaran,
        "putusan": putusan,
        "alasan": why.alasan,
        "jabatan": why.jabatan,
    }
    if why.dokumen is not None:
        data["dokumen"] = why.dokumen
    event = {"specversion": "1.0", "type": "keputusan.recorded.v1", "data": data}
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
