"""C.Hasil: each block of the form has been read as a whole or not at all, and unread is not zero."""

from __future__ import annotations

from operator import itemgetter
from typing import Final

from contracts.events import CHasilV1
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule

# Taken out of the model's dictionary: asking the model for each attribute costs three times as much.
_PEMILIH: Final = itemgetter(*(name for name in CHasilV1.model_fields if name.startswith("pemilih_")))
_PENGGUNA: Final = itemgetter(*(name for name in CHasilV1.model_fields if name.startswith("pengguna_")))
_SUARA: Final = itemgetter(*(name for name in CHasilV1.model_fields if name.startswith("suara_")))
_SURAT_SUARA: Final = itemgetter(*(name for name in CHasilV1.model_fields if name.startswith("ss_")))
_DISABILITAS: Final = itemgetter(*(name for name in CHasilV1.model_fields if name.startswith("disabilitas_")))


@rule(
    CHasilV1,
    code="RES-COMPLETE",
    basis=Basis.SOURCE,
    source="DOMAIN.md 0, fakta 3; 2.2",
    judul="Setiap bagian formulir terisi seluruhnya atau kosong seluruhnya",
    title="Each block of the form is whole or null",
    pesan="Bagian {where} terisi {seen}; harus {expected}.",
    message="Block {where} has {seen}; expected is {expected}.",
)
def blocks_are_whole(hasil: CHasilV1, _: Case) -> Breaches:
    """Each block has all of its figures or none, and votes and administration are not filled with zeros."""
    votes: tuple[int | None, ...] = () if hasil.perolehan_suara is None else tuple(hasil.perolehan_suara.values())
    if hasil.perolehan_partai is not None:
        for party in hasil.perolehan_partai.values():
            votes += (party.suara_partai, party.jumlah, *party.suara_calon.values())
    boxes = vars(hasil)
    return (
        *_block("/perolehan_suara", "perolehan suara", votes, zeros=False),
        *_block("/suara_sah", "suara sah dan tidak sah", _SUARA(boxes), zeros=False),
        *_block("/pemilih_dpt_j", "data pemilih", _PEMILIH(boxes), zeros=False),
        *_block("/pengguna_total_j", "pengguna hak pilih", _PENGGUNA(boxes), zeros=False),
        *_block("/ss_diterima", "surat suara", _SURAT_SUARA(boxes), zeros=True),
        *_block("/disabilitas_j", "disabilitas", _DISABILITAS(boxes), zeros=True),
    )


def _block(pointer: str, where: str, figures: tuple[int | None, ...], *, zeros: bool) -> Breaches:
    unread = figures.count(None)
    if unread == len(figures):
        return FINE
    if unread > 0:
        seen = f"{len(figures) - unread}/{len(figures)}"
        return (Breach(pointer, seen, f"{len(figures)}/{len(figures)} atau kosong", where),)
    if not zeros and not any(figures):
        return (Breach(pointer, "nol semua", "angka yang dibaca, atau kosong", where),)
    return FINE
