"""Rows as the questions bring them back, right by default."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from services.gateway.core.colour import Limits
from tests.builders import KONTES_GUBERNUR, OFFICE, PILKADA, TPS

NOW: Final = datetime(2024, 11, 27, 14, 0, tzinfo=UTC)
LIMITS: Final = Limits(amber_seconds=30, red_seconds=120, clock_seconds=30)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def a_status_row(**columns: Any) -> dict[str, Any]:
    """Return a lane that is in step and said so a second ago."""
    row = {
        "office": OFFICE, "nama": "KOTA BANJAR", "lane": "hasil", "as_of": NOW,
        "stamped": 10, "published": 10, "numbered": 10, "seen": 10, "missing": 0, "in_step": True,
        "accepted": 8, "held": 1, "rejected": 1,
        "applied": 7, "duplicate": 1, "stale": 1, "conflict": 0, "parked": 0,
        "heartbeat_time": ago(1), "event_time": ago(5), "merged_time": ago(4),
        "held_now": 1, "conflict_now": 0,
    }  # fmt: skip
    return {**row, **columns}


def a_wilayah_row(kode: str, nama: str = "NAMA", **columns: Any) -> dict[str, Any]:
    return {"kode": kode, "nama": nama, "lintang": -7.3, "bujur": 108.5, **columns}


def a_kontes_row(kode: str = KONTES_GUBERNUR, tingkat_calon: int = 2) -> dict[str, Any]:
    return {
        "kode": kode, "nama": "Gubernur", "pemilihan": PILKADA, "hari": date(2024, 11, 27),
        "tingkat_calon": tingkat_calon,
    }  # fmt: skip


def a_calon_row(calon: str, nomor: int, kontes: str = KONTES_GUBERNUR) -> dict[str, Any]:
    return {"kontes": kontes, "id": calon, "nomor_urut": nomor, "nama": f"PASLON {nomor}"}


def a_rekap_row(wilayah: str, **columns: Any) -> dict[str, Any]:
    row = {
        "wilayah": wilayah, "kontes": KONTES_GUBERNUR, "terdaftar": 3, "tps_masuk": 2, "tps_ditahan": 0,
        "tps_konflik": 0, "suara_sah": 200, "suara_tidak_sah": 6, "suara_total": 206, "pemilih_dpt": 400,
        "pengguna_total": 206, "as_of": ago(10),
    }  # fmt: skip
    return {**row, **columns}


def a_form_row(tps: str = TPS, **columns: Any) -> dict[str, Any]:
    row = {
        "tps": tps, "pemilihan": PILKADA, "kontes": KONTES_GUBERNUR, "nama": "Gubernur", "terdaftar": True,
        "state": "accepted", "conflicted": False, "terbaca": True, "perolehan_suara": '{"1": 60, "2": 40}',
        "suara_sah": 100, "suara_tidak_sah": 3, "suara_total": 103, "pemilih_dpt": 200, "pengguna_total": 103,
        "jenis_kejadian": "reguler", "epoch": 1, "sequence": 7, "version": (1 << 32) | 2, "as_of": ago(20),
    }  # fmt: skip
    return {**row, **columns}


def a_version_row(**columns: Any) -> dict[str, Any]:
    row = {
        "office": OFFICE, "subject": f"c_hasil/{KONTES_GUBERNUR}/{TPS}", "epoch": 1, "sequence": 7, "id": "ubah-7",
        "type": "c_hasil.recorded.v1", "version": (1 << 32) | 2, "base": None, "digest": UUID(int=7),
        "data": '{"perolehan_suara":{"1":60,"2":40},"suara_sah":100}', "time": ago(30), "recorded_time": ago(29),
        "merged_time": ago(20), "held": False, "outcome": "applied", "total": 1,
    }  # fmt: skip
    return {**row, **columns}


def a_rejection_row(sequence: int = 1, **columns: Any) -> dict[str, Any]:
    row = {
        "lane": "hasil", "office": OFFICE, "epoch": 1, "sequence": sequence, "id": f"ubah-{sequence}",
        "type": "c_hasil.recorded.v1", "subject": f"c_hasil/{KONTES_GUBERNUR}/{TPS}", "codes": ["RES-TPS-KNOWN"],
        "findings": "[]", "received_time": NOW,
    }  # fmt: skip
    return {**row, **columns}
