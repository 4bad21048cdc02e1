"""Seals a voter: what identifies her becomes one block, and beside it stands only what work needs (invariant I13)."""

from __future__ import annotations

import re
from datetime import date
from operator import itemgetter
from typing import Final

import orjson

from contracts.identifiers import pemilih_subject
from contracts.personal import DataPribadi, PersonalKeys
from contracts.submission import PemilihSubmissionV1
from services.ingest.core.refusal import refuse

_ISO_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# In the order of the contract, out of the model's dictionary: asking the model for each costs as much as writing it.
_PRIBADI: Final = itemgetter(*DataPribadi.model_fields)
_KELAS_YEARS: Final = 5
_KELAS_MIN: Final = 1850
_KELAS_MAX: Final = 2100
# A shorter number than this names nobody and stands in many an id by chance.
_OWN_NUMBER_LENGTH_MIN: Final = 8
# A number as long as a NIK in a text that everybody may read is one, whoever's it is.
_LONG_NUMBER: Final = re.compile(r"\d{16}", re.ASCII)


def sealed(voter: PemilihSubmissionV1, office: str, keys: PersonalKeys) -> tuple[str, str, bytes]:
    """Return the subject, the token in hex and the canonical data of a voter in the list of ``office``.

    The data is written by hand because every voter of the province passes here: it is what
    ``canonical_data`` makes of the same fields, which a property test proves.
    """
    token = keys.nik_token(voter.nik)
    subject = pemilih_subject(office, token)
    k1, k2, k3, k4 = keys.match_tokens(voter, jenis_kelamin=voter.jenis_kelamin, disabilitas=voter.disabilitas)
    block = keys.seal(subject, clear_block(voter))
    kelas = kelas_lahir(voter.tanggal_lahir)
    disabilitas = f',"disabilitas":"{voter.disabilitas}"' if voter.disabilitas is not None else ""
    # The only free text beside the block, so the only one that may need escaping.
    dokumen = f',"dokumen":{orjson.dumps(voter.dokumen).decode()}' if voter.dokumen is not None else ""
    kelas_text = f',"kelas_lahir":{kelas}' if kelas is not None else ""
    tms = f',"tms":"{voter.tms}"' if voter.tms is not None else ""
    tps = f',"tps":"{voter.tps}"' if voter.tps is not None else ""
    data = (
        f'{{"desa":"{voter.desa}"{disabilitas}{dokumen},"jenis_kelamin":"{voter.jenis_kelamin}"{kelas_text}'
        f',"match":{{"k1":"{k1}","k2":"{k2}","k3":"{k3}","k4":"{k4}"}},"nik_token":"{token}"'
        f',"pribadi":"{block}","status":"{voter.status}"{tms}{tps}}}'
    )
    return subject, token, data.encode()


def clear_block(voter: PemilihSubmissionV1) -> bytes:
    """Return what is sealed: the fields of ``DataPribadi`` that are known, in their order."""
    nik, nkk, nama, tempat_lahir, tanggal_lahir, status_kawin, alamat, rt, rw, ktp_el, keterangan = _PRIBADI(
        vars(voter)
    )
    clear: dict[str, str] = {"nik": nik}
    if nkk is not None:
        clear["nkk"] = nkk
    clear["nama"] = nama
    if tempat_lahir is not None:
        clear["tempat_lahir"] = tempat_lahir
    clear["tanggal_lahir"] = tanggal_lahir
    if status_kawin is not None:
        clear["status_kawin"] = status_kawin
    if alamat is not None:
        clear["alamat"] = alamat
    if rt is not None:
        clear["rt"] = rt
    if rw is not None:
        clear["rw"] = rw
    if ktp_el is not None:
        clear["ktp_el"] = ktp_el
    if keterangan is not None:
        clear["keterangan"] = keterangan
    return orjson.dumps(clear)


def kelas_lahir(tanggal_lahir: str) -> int | None:
    """Return the first year of the five-year class of birth, or ``None`` when that is no date."""
    if not _ISO_DATE.fullmatch(tanggal_lahir):
        return None
    try:
        year = date.fromisoformat(tanggal_lahir).year
    except ValueError:
        return None
    first = year - year % _KELAS_YEARS
    return first if _KELAS_MIN <= first <= _KELAS_MAX else None


def keep_private(texts: dict[str, str | None], *numbers: str | None) -> None:
    """Check that no text which travels in clear holds one of a voter's own ``numbers``, or anybody's.

    Raises:
        RefusedError: one does; the answer names the place, never what stands there.
    """
    for pointer, text in texts.items():
        if text is None:
            continue
        found = pointer != "/id" and _LONG_NUMBER.search(text) is not None
        for number in numbers:
            if number is not None and number in text and len(number) >= _OWN_NUMBER_LENGTH_MIN:
                found = True
        if found:
            raise refuse(
                code="PERSONAL-IN-CLEAR",
                pointer=pointer,
                seen="a number of a person",
                expected="a text without NIK and NKK",
            )
