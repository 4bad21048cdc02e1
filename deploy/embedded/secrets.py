"""The keys of a province of one's own: made once, kept beside its data, readable by their owner alone."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from pathlib import Path

KEY_HEX_BYTES = 32


def keep_secrets(folder: Path, offices: Sequence[str]) -> dict[str, str]:
    """Make what is missing of the keys in ``folder`` and return the API key of each office.

    The folder then holds ``key_id``, ``seal.key`` and ``token.key`` as services read them, ``api-keys`` with the
    hashes that ingest is given, and ``office-keys`` with the keys that the offices would hold themselves.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _once(folder / "key_id", "k1")
    for name in ("seal.key", "token.key"):
        _once(folder / name, secrets.token_hex(KEY_HEX_BYTES))
    held = folder / "office-keys"
    keys = dict(line.split() for line in held.read_text("ascii").splitlines()) if held.exists() else {}
    keys |= {office: secrets.token_urlsafe(KEY_HEX_BYTES) for office in offices if office not in keys}
    _write(held, "".join(f"{office} {key}\n" for office, key in sorted(keys.items())))
    hashes = {office: hashlib.sha256(key.encode()).hexdigest() for office, key in keys.items()}
    _write(folder / "api-keys", "".join(f"{office} {hashed}\n" for office, hashed in sorted(hashes.items())))
    return keys


def _once(path: Path, text: str) -> None:
    # A key that is made anew would leave everything sealed with the old one closed for ever.
    if not path.exists():
        _write(path, text)


def _write(path: Path, text: str) -> None:
    """Write a whole file or nothing: a key cut short is worse than none."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.touch(mode=0o600)
    unfinished.write_text(text, "ascii")
    unfinished.rename(path)
