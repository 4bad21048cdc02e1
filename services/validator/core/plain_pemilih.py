"""The plain voter: a line in which everything is right, as most are. Seen at a glance, it is read by no model at all.

Reading the line and the sealed block in it against the contract and asking eighteen rules costs three times as much as
opening the block and comparing its token, which are done here as everywhere. The look may only ever be too careful:
where it says yes, the line can be decoded and no rule in :data:`SETTLED` finds anything
(``tests/property/test_plain_pemilih_laws.py``).
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from typing import Final

from contracts.codec import digest_of
from contracts.personal import CannotOpenError, PersonalKeys
from services.validator.core.case import Place
from services.validator.core.nik import born, is_nik
from services.validator.core.reference import Reference
from services.validator.core.register import Register
from services.validator.core.rules.masa_terbuka import is_open

KIND: Final = "pemilih.recorded.v1"

SETTLED: Final = frozenset(
    {
        "AUT-LANE",
        "AUT-OWNER",
        "AUT-SOURCE",
        "AUT-SUBJECT",
        "PRI-OPEN",
        "PRI-TOKEN",
        "REF-WILAYAH",
        "VTR-AGE",
        "VTR-AGE-MAX",
        "VTR-DISAB-CODE",
        "VTR-NIK-DATE-SHAPE",
        "VTR-NIK-DOB",
        "VTR-NIK-LEN",
        "VTR-NIK-REGION",
        "VTR-NIK-SEX",
        "VTR-NKK-LEN",
        "VTR-PERIOD-OPEN",
        "VTR-TMS-REASON",
        "VTR-TNI-POLRI",
    }
)
"""Codes of the rules that need not be asked of a plain voter; where others are asked as well, nobody is plain."""

_AGE_YEARS: Final = 17
_AGE_YEARS_MAX: Final = 110

# Printable and nothing that JSON escapes: longer texts, other scripts and escapes are for the model to read.
_TEXT: Final = r"[ !#-\[\]-~]"
# A day that there is in every year, so 29 February is left to the model too.
_DAY: Final = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_MOMENT: Final = (
    rf"20[0-9]{{2}}-{_DAY}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{{3}}(?:[0-9]{{3}})?)?"
    r"(?:Z|\+(?:0[0-9]|1[0-4]):[0-5][0-9])"
)
_HEX: Final = r"[0-9a-f]{32}"
# The attributes and fields of an active voter in their order, each within what the contract admits of it. That the
# subject names the office of the source, the kabupaten of the desa and the token is said by references.
_LINE: Final = re.compile(
    r'\{"specversion":"1\.0","id":"[A-Za-z0-9._~:/-]{1,128}+","source":"/kpu/(?P<office>[0-9]{4})"'
    rf',"type":"{re.escape(KIND)}","subject":"(?P<subject>pemilih/(?P=office)/(?P<token>{_HEX}))"'
    rf',"time":"{_MOMENT}","recordedtime":"(?P<recorded>{_MOMENT})","datacontenttype":"application/json"'
    r',"epoch":(?P<epoch>[1-9][0-9]{0,8}+),"revision":[1-9][0-9]{0,8}+,"sequence":(?P<sequence>[1-9][0-9]{0,14}+)'
    rf'(?:,"base":"{_HEX}")?,"digest":"(?P<digest>{_HEX})"'
    r'(?:,"traceparent":"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")?'
    r',"data":(?P<data>\{"desa":"(?P<desa>(?P=office)[0-9]{6})"(?:,"disabilitas":"(?P<disabilitas>[0-9A-Z]{1,4})")?'
    rf'(?:,"dokumen":"{_TEXT}{{1,120}}+")?,"jenis_kelamin":"(?P<jenis_kelamin>[LP])"'
    r'(?:,"kelas_lahir":(?:18[5-9][05]|19[0-9][05]|20[0-9][05]|2100))?'
    rf',"match":\{{"k1":"{_HEX}","k2":"{_HEX}","k3":"{_HEX}","k4":"{_HEX}"\}},"nik_token":"(?P=token)"'
    r',"pribadi":"(?P<pribadi>[a-z0-9]{1,16}\.[A-Za-z0-9+/]{40,6000}+={0,2})","status":"aktif"'
    r'(?:,"tps":"[0-9]{3}")?\})\}'
)
_STAMPED: Final = slice(_LINE.groupindex["epoch"] - 1, _LINE.groupindex["data"])

# The fields of the sealed part in the order of the contract, as ingest writes them before it seals.
_PRIBADI: Final = re.compile(
    rf'\{{"nik":"([0-9]{{16}})"(?:,"nkk":"[0-9]{{16}}")?,"nama":"{_TEXT}{{1,120}}+"'
    rf'(?:,"tempat_lahir":"{_TEXT}{{0,80}}+")?,"tanggal_lahir":"((?:18|19|20)[0-9]{{2}}-{_DAY})"'
    rf'(?:,"status_kawin":"([BSP])")?(?:,"alamat":"{_TEXT}{{0,200}}+")?(?:,"rt":"{_TEXT}{{0,3}}+")?'
    rf'(?:,"rw":"{_TEXT}{{0,3}}+")?(?:,"ktp_el":"[SB]")?(?:,"keterangan":"{_TEXT}{{0,40}}+")?\}}'
)


def is_written_plainly(
    line: bytes, place: Place, _reference: Reference, _register: Register, _keys: PersonalKeys
) -> bool:
    """Return whether ``line`` is a canonical line of an active voter at that place, with the digest of its data."""
    return _read(line, place) is not None


def is_plain(line: bytes, place: Place, reference: Reference, register: Register, keys: PersonalKeys) -> bool:
    """Return whether ``line`` is written plainly, its block opens for this voter, and what stands in both is right."""
    read = _read(line, place)
    if read is None:
        return False
    office, subject, token, recorded, _, _, _, _, desa, disabilitas, jenis_kelamin, pribadi = read
    if (
        office != place.office
        or desa not in reference.wilayah
        or (disabilitas is not None and disabilitas not in reference.kode_disabilitas)
    ):
        return False
    calendars = register.calendars
    if calendars:
        tahapan = calendars.get((office, place.lane))
        if tahapan is not None and not is_open(tahapan, datetime.fromisoformat(recorded)):
            return False
    try:
        clear = keys.open(subject, pribadi)
    except CannotOpenError:
        return False
    sealed = _PRIBADI.fullmatch(clear.decode("latin-1"))
    if sealed is None:
        return False
    nik, lahir, status_kawin = sealed.groups()
    youngest, oldest = _days_of_birth(reference.pemilihan.hari)
    return (
        born(nik) == (lahir[2:], jenis_kelamin)
        and is_nik(nik)
        and nik[:2] in reference.provinsi
        # Days as ISO 8601 writes them stand in the order of their digits.
        and oldest < lahir
        and (lahir <= youngest or status_kawin in {"S", "P"})
        and keys.nik_token(nik) == token
    )


def _read(line: bytes, place: Place) -> tuple[str, ...] | None:
    """Return what the expression finds in ``line``, when its place and its digest are right as well."""
    if place.lane != "pemilih":
        return None
    # Latin-1 makes a character of every byte, and those beyond ASCII match nothing.
    match = _LINE.fullmatch(line.decode("latin-1"))
    if match is None:
        return None
    read: tuple[str, ...] = match.groups()
    epoch, sequence, digest, data = read[_STAMPED]
    if int(sequence) != place.sequence or int(epoch) != place.epoch or digest_of(KIND, data.encode()) != digest:
        return None
    return read


@cache
def _days_of_birth(poll: date) -> tuple[str, str]:
    """Return who is just old enough at the poll to vote unmarried, and who would be older than anybody is."""
    return (
        f"{poll.year - _AGE_YEARS:04}-{poll.month:02}-{poll.day:02}",
        f"{poll.year - _AGE_YEARS_MAX - 1:04}-{poll.month:02}-{poll.day:02}",
    )
