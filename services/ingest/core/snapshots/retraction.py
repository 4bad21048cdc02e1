"""Takes a voter back by her token: an office that confirms a disappearance need not know a NIK."""

from __future__ import annotations

from typing import Final

from contracts.codec import canonical_data, digest_of
from contracts.events.retracted_v1 import RetractedV1
from contracts.identifiers import pemilih_subject
from services.ingest.core.seal import keep_private
from services.ingest.core.statement import Statement, fingerprint_of

_TYPE: Final = "pemilih.retracted.v1"


def check_reason(about: RetractedV1) -> None:
    """Check that no text of a reason names a person.

    Raises:
        RefusedError: one holds a number as long as a NIK.
    """
    keep_private({"/alasan": about.alasan, "/dokumen": about.dokumen, "/jabatan": about.jabatan})


def retraction_of(office: str, key: bytes, base: str, about: RetractedV1, *, nth: int) -> Statement:
    """Return the statement that takes back the version ``base`` of the voter whose token is ``key``."""
    subject = pemilih_subject(office, key.hex())
    data = canonical_data(about.model_dump(mode="json", exclude_defaults=True))
    digest = digest_of(_TYPE, data)
    return Statement(
        nth=nth,
        id=None,
        type=_TYPE,
        lane="pemilih",
        is_retraction=True,
        subject=subject,
        key=key,
        digest=digest,
        fingerprint=fingerprint_of(subject, digest, is_retraction=True),
        data=data,
        time=None,
        base=base or None,
        traceparent=None,
    )
