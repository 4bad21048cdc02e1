"""C.Hasil: every figure of a TPS fits its three boxes."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Final

from contracts.events import CHasilV1
from services.validator.core.case import Case
from services.validator.core.rule import FINE, Basis, Breach, Breaches, rule

_LARGEST: Final = 999
_NAMES: Final = tuple(
    name
    for name in CHasilV1.model_fields
    if name.startswith(("pemilih_", "pengguna_", "ss_", "disabilitas_", "suara_"))
)
# Out of the model's dictionary: asking the model for each attribute costs three times as much.
_BOXES: Final = itemgetter(*_NAMES)


@rule(
    CHasilV1,
    code="RES-BOX-WIDTH",
    basis=Basis.FORM,
    source="C.HASIL: tiga kotak angka",
    judul="Angka per TPS paling banyak tiga digit",
    title="Every figure of a TPS has three digits at most",
    pesan="Tertulis {seen}; formulir hanya memuat angka sampai {expected}.",
    message="{seen} does not fit the boxes of the form, which hold up to {expected}.",
)
def figures_fit_their_boxes(hasil: CHasilV1, _: Case) -> Breaches:
    """Every figure is at most 999."""
    figures: tuple[int | None, ...] = _BOXES(vars(hasil))
    if hasil.perolehan_suara is not None:
        figures += tuple(hasil.perolehan_suara.values())
    if hasil.perolehan_partai is None and max(filter(None, figures), default=0) <= _LARGEST:
        return FINE
    return tuple(
        Breach(pointer, str(figure), str(_LARGEST))
        for pointer, figure in _places(hasil)
        if figure is not None and figure > _LARGEST
    )


def _places(hasil: CHasilV1) -> Iterator[tuple[str, int | None]]:
    for name, figure in zip(_NAMES, _BOXES(vars(hasil)), strict=True):
        yield f"/{name}", figure
    for calon, figure in (hasil.perolehan_suara or {}).items():
        yield f"/perolehan_suara/{calon}", figure
    for partai, rows in (hasil.perolehan_partai or {}).items():
        yield f"/perolehan_partai/{partai}/suara_partai", rows.suara_partai
        yield f"/perolehan_partai/{partai}/jumlah", rows.jumlah
        for calon, figure in rows.suara_calon.items():
            yield f"/perolehan_partai/{partai}/suara_calon/{calon}", figure
