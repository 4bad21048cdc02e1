"""Synthetic voters in bulk: request bodies for the demo and the benchmark, the same for the same batch."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import orjson

from contracts.identifiers import Tingkat
from contracts.reference.wilayah import wilayah_of

_NAMES: Final = ("SITI", "ASEP", "DEDI", "NENG", "UJANG", "EUIS", "AGUS", "RINA", "CECEP", "WATI", "YAYAN", "LILIS")
_FAMILIES: Final = ("NURHAYATI", "SUPRIATNA", "HIDAYAT", "SUHERMAN", "KOMARIAH", "SETIAWAN", "RAHMAWATI", "GUNAWAN")
_TOWNS: Final = ("BANDUNG", "GARUT", "CIAMIS", "CIREBON", "BOGOR", "SUKABUMI", "KARAWANG", "BANJAR")

_TPS_SIZE: Final = 486
"""Voters on the list of a TPS, as many as Pilkada 2024 had in the mean."""


@dataclass(frozen=True, slots=True)
class Body:
    """One request body of one office."""

    office: str
    count: int
    ndjson: bytes


def bodies(province: str, *, voters: int, per_body: int, batch: str) -> list[Body]:
    """Return ``voters`` distinct voters, spread evenly over the offices, as bodies of ``per_body`` lines.

    ``batch`` names the run: two batches share no voter.
    """
    wilayah = wilayah_of(province)
    desa_of: dict[str, list[str]] = {}
    for desa in wilayah.at(Tingkat.DESA):
        desa_of.setdefault(desa[:4], []).append(desa)
    made: list[Body] = []
    per_office = voters // len(wilayah.kabupaten)
    for office in wilayah.kabupaten:
        lines = _lines(office, desa_of[office], per_office, batch)
        for start in range(0, per_office, per_body):
            count = min(per_body, per_office - start)
            made.append(Body(office, count, b"\n".join(next(lines) for _ in range(count)) + b"\n"))
    # One body of each office in turn, as many offices push at once.
    made_by_turn = sorted(enumerate(made), key=lambda item: item[0] % (len(made) // len(wilayah.kabupaten) or 1))
    return [body for _, body in made_by_turn]


def _lines(office: str, desa: list[str], count: int, batch: str) -> Iterator[bytes]:
    chance = random.Random(f"{batch}/{office}")  # noqa: S311  # figures for a load, not for a secret
    first = chance.randrange(1, 100)
    before, in_desa = "", 0
    for number in range(count):
        woman = chance.random() < 0.5  # noqa: PLR2004  # half of the voters
        year = 1945 + (number * 7 + first) % 60
        month, day = 1 + number % 12, 1 + (number // 12) % 28
        where = desa[number * len(desa) // count]
        # A list goes through a desa TPS by TPS, as Model A is printed.
        in_desa = in_desa + 1 if where == before else 0
        before = where
        # The dates repeat after 1,680 voters: with the serial they name sixteen million of an office.
        serial = 1 + (number // 1_680 + first) % 9_999
        nik = f"{where[:6]}{day + 40 * woman:02d}{month:02d}{year % 100:02d}{serial:04d}"
        yield orjson.dumps(
            {
                "specversion": "1.0",
                "id": f"{batch}-{office}-{number}",
                "type": "pemilih.recorded.v1",
                "time": "2025-06-30T09:00:00+07:00",
                "data": {
                    "nkk": f"{where[:6]}{day:02d}{month:02d}{20:02d}{1 + number % 9_998:04d}",
                    "nik": nik,
                    "nama": f"{chance.choice(_NAMES)} {chance.choice(_FAMILIES)} {number}",
                    "tempat_lahir": chance.choice(_TOWNS),
                    "tanggal_lahir": f"{year}-{month:02d}-{day:02d}",
                    "status_kawin": "S",
                    "jenis_kelamin": "P" if woman else "L",
                    "alamat": f"KP. {chance.choice(_TOWNS)} NO. {number % 300}",
                    "rt": f"{1 + number % 12:03d}",
                    "rw": f"{1 + number % 20:03d}",
                    "disabilitas": "0",
                    "ktp_el": "S",
                    "desa": where,
                    "tps": f"{1 + in_desa // _TPS_SIZE:03d}",
                },
            }
        )
