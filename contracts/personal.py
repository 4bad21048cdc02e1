"""Personal data: what is sealed, how it is sealed, and the tokens that stand for it (invariant I13).

The block is AES-256-GCM with the subject as associated data, so that a block moved to another
record does not open. Its nonce is derived from key, subject and content (as in synthetic-IV
schemes): the same content seals to the same bytes, which makes a repeated push recognisable by
digest, and two contents never share a nonce.

Tokens are HMAC-SHA-256 cut to 128 bits. A token is still personal data: it matches people, it
does not name them.
"""

from __future__ import annotations

import binascii
import hashlib
import unicodedata
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import StringConstraints

from contracts.envelope import ClosedModel

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_TOKEN_HEX: Final = 32
_SHA256_BLOCK_BYTES: Final = 64

Sealed = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,16}\.[A-Za-z0-9+/]{40,6000}={0,2}$")]
"""``<key id>.<base64 of nonce and ciphertext>``."""


class CannotOpenError(ValueError):
    """A sealed block that these keys do not open, or that was moved, cut or altered."""


class DataPribadi(ClosedModel):
    """What identifies a voter: the sealed part of the 13 elements of Model A.

    Nothing here is checked beyond its length: whether a NIK is one is for the rules to say, with
    a code and a text, and a seal that refused bad data would lose it.
    """

    nik: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    nkk: Annotated[str, StringConstraints(max_length=32)] | None = None
    nama: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    tempat_lahir: Annotated[str, StringConstraints(max_length=80)] | None = None
    tanggal_lahir: Annotated[str, StringConstraints(max_length=32)]
    """ISO 8601 date as the office wrote it."""
    status_kawin: Literal["B", "S", "P"] | None = None
    """Belum, sudah, pernah. The letters are not confirmed by an article (DOMAIN.md 8)."""
    alamat: Annotated[str, StringConstraints(max_length=200)] | None = None
    rt: Annotated[str, StringConstraints(max_length=3)] | None = None
    rw: Annotated[str, StringConstraints(max_length=3)] | None = None
    ktp_el: Literal["S", "B"] | None = None
    keterangan: Annotated[str, StringConstraints(max_length=40)] | None = None


class Mac:
    """HMAC-SHA-256 (RFC 2104) under one key.

    The two padded blocks are hashed once and copied for each message: three times as fast as
    building an HMAC object, and every voter needs six of them.
    """

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        """Take a key of at most one SHA-256 block."""
        assert len(key) <= _SHA256_BLOCK_BYTES, "a longer key would have to be hashed first"
        padded = key.ljust(_SHA256_BLOCK_BYTES, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))

    def digest(self, message: bytes) -> bytes:
        """Return the 32 bytes of the code for ``message``."""
        inner = self._inner.copy()
        inner.update(message)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()

    def token(self, message: bytes) -> str:
        """Return the code for ``message`` as a token of 128 bits in hex."""
        # What ``digest`` does, written out: the call would cost a sixth of it.
        inner = self._inner.copy()
        inner.update(message)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.hexdigest()[:_TOKEN_HEX]


@dataclass(frozen=True)
class PersonalKeys:
    """The keys that seal and match, and the id under which blocks name them.

    Each use has a key of its own, derived from the two files an office holds: one for sealing,
    which later key ids may replace, and one for tokens, which must stay as long as tokens are matched.
    """

    key_id: str
    seal_key: bytes = field(repr=False)
    token_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Prepare the ciphers.

        Raises:
            ValueError: a key is not 32 bytes long.
        """
        for name, key in (("seal", self.seal_key), ("token", self.token_key)):
            if len(key) != KEY_BYTES:
                message = f"the {name} key has {len(key)} bytes, expected {KEY_BYTES}"
                raise ValueError(message)
        derive_seal, derive_token = Mac(self.seal_key), Mac(self.token_key)
        object.__setattr__(self, "_aead", AESGCM(derive_seal.digest(b"seal")))
        object.__setattr__(self, "_nonce", Mac(derive_seal.digest(b"nonce")))
        object.__setattr__(self, "_nik", Mac(derive_token.digest(b"nik")))
        object.__setattr__(self, "_match", tuple(Mac(derive_token.digest(f"k{n}".encode())) for n in range(1, 5)))

    _aead: AESGCM = field(init=False, repr=False, compare=False)
    _nonce: Mac = field(init=False, repr=False, compare=False)
    _nik: Mac = field(init=False, repr=False, compare=False)
    _match: tuple[Mac, ...] = field(init=False, repr=False, compare=False)

    def nik_token(self, nik: str) -> str:
        """Return the token that stands for ``nik`` everywhere beyond ingest."""
        return self._nik.token(nik.encode("utf-8", "surrogatepass"))

    def match_tokens(
        self, pribadi: DataPribadi, *, jenis_kelamin: str, disabilitas: str | None
    ) -> tuple[str, str, str, str]:
        """Return the tokens of the classes K1 to K4 of the definition of ganda (DOMAIN.md 1.6)."""
        nama, tempat = normalised(pribadi.nama), normalised(pribadi.tempat_lahir or "")
        alamat = normalised(pribadi.alamat or "")
        # Each class looks at all that the next one does, so its message begins with the other's.
        k4 = f"{pribadi.nik}\x1f{nama}\x1f{pribadi.tanggal_lahir}".encode("utf-8", "surrogatepass")
        k3 = k4 + f"\x1f{jenis_kelamin}\x1f{tempat}".encode("utf-8", "surrogatepass")
        k2 = k3 + f"\x1f{alamat}".encode("utf-8", "surrogatepass")
        k1 = k2 + f"\x1f{pribadi.nkk}\x1f{pribadi.status_kawin}\x1f{disabilitas}".encode("utf-8", "surrogatepass")
        m1, m2, m3, m4 = self._match
        return m1.token(k1), m2.token(k2), m3.token(k3), m4.token(k4)

    def seal(self, subject: str, clear: bytes) -> str:
        """Return ``clear`` sealed to ``subject``; the same input gives the same block."""
        about = subject.encode()
        nonce = self._nonce.digest(about + b"\0" + clear)[:_NONCE_BYTES]
        block = nonce + self._aead.encrypt(nonce, clear, about)
        return f"{self.key_id}.{binascii.b2a_base64(block, newline=False).decode('ascii')}"

    def open(self, subject: str, sealed: str) -> bytes:
        """Return what ``sealed`` holds.

        Raises:
            CannotOpenError: another key id, another subject, or altered bytes.
        """
        key_id, _, text = sealed.partition(".")
        if key_id != self.key_id:
            message = f"sealed with key {key_id!r}, this service holds {self.key_id!r}"
            raise CannotOpenError(message)
        try:
            block = binascii.a2b_base64(text)
            return self._aead.decrypt(block[:_NONCE_BYTES], block[_NONCE_BYTES:], subject.encode())
        except (InvalidTag, ValueError) as error:
            message = "the sealed block does not open for this subject"
            raise CannotOpenError(message) from error


def normalised(text: str) -> str:
    """Return ``text`` as it is compared: compatibility form, upper case, single spaces."""
    if text.isascii():
        return " ".join(text.upper().split())
    return " ".join(unicodedata.normalize("NFKC", text).upper().split())
