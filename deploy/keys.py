"""Makes what is missing of a province's secrets: a deploy step, safe to run again, that changes none that is there.

Each folder is lent to those who need what lies in it and to nobody else:

``personal/``   ``key_id``, ``seal.key`` and ``token.key``: ingest and validator
``ingest/``     ``api-keys``, the hashes of the keys of the offices: ingest
``offices/``    ``<office>.key``, the same keys in clear, to be handed over: nobody who serves
``owner/``      ``password`` of the owner of the store: PostgreSQL, its migrations and sync
``reader/``     ``password`` of the role that may only read it: the migrations and gateway
"""

from __future__ import annotations

import argparse
import hashlib
import os
import secrets
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from contracts.personal import KEY_BYTES
from contracts.reference.wilayah import wilayah_of

_SECRET_BYTES: Final = 24
_KEY_ID: Final = "k1"
_PERSONAL: Final = ("key_id", "seal.key", "token.key")
# Each service runs as a user of its own and sees only the folder lent to it; on the host the one above is closed.
_CLOSED: Final = 0o700
_ENTERED: Final = 0o755
_READ: Final = 0o444


class KeysError(Exception):
    """The keys that are there cannot be those of this province's data; the message says what to do."""


def make_missing(folder: Path, offices: tuple[str, ...], mark: Path) -> int:
    """Make the keys that are missing in ``folder`` and return how many files that were.

    ``mark`` lies with the data and remembers which token key they were written with. Tokens of another key match
    nobody: after a restore without its keys every voter would silently become a second one.

    Raises:
        KeysError: keys that belong together are not all there, or the data were written with others.
    """
    if not any(folder.iterdir()):
        folder.chmod(_CLOSED)
    personal = folder / "personal"
    present = {name for name in _PERSONAL if (personal / name).exists()}
    if lost := [name for name in _PERSONAL if name not in present]:
        if present or mark.exists():
            message = (
                f"{personal} lacks {', '.join(lost)}, which the data were written with: restore it from its backup"
            )
            raise KeysError(message)
        _fill(personal, _new_personal_keys())
    made = len(lost) + _make_api_keys(folder, offices)
    _compare_with_mark(personal / "token.key", mark)
    return made


def make_missing_passwords(folder: Path) -> int:
    """Make the passwords of the store that are missing in ``folder`` and return how many files that were."""
    return sum(_write(folder / name / "password", secrets.token_urlsafe(_SECRET_BYTES)) for name in ("owner", "reader"))


def office_keys(folder: Path) -> dict[str, str]:
    """Return the API key of each office whose key is still in ``folder``, waiting to be handed over."""
    return {file.stem: file.read_text("utf-8").strip() for file in sorted((folder / "offices").glob("*.key"))}


def _new_personal_keys() -> dict[str, str]:
    return {"key_id": _KEY_ID, "seal.key": secrets.token_hex(KEY_BYTES), "token.key": secrets.token_hex(KEY_BYTES)}


def _make_api_keys(folder: Path, offices: tuple[str, ...]) -> int:
    """Give a key to each office that has none. What is handed over is written first, so that no hash is without it."""
    file = folder / "ingest" / "api-keys"
    text = file.read_text("utf-8") if file.exists() else "# office, SHA-256 of its key\n"
    known = {line.split()[0] for line in text.splitlines() if line.partition("#")[0].strip()}
    missing = [office for office in offices if office not in known]
    for office in missing:
        handed_over = folder / "offices" / f"{office}.key"
        _write(handed_over, secrets.token_urlsafe(_SECRET_BYTES))
        key = handed_over.read_text("utf-8").strip()
        text += f"{office} {hashlib.sha256(key.encode()).hexdigest()}\n"
    if missing:
        _replace(file, text)
    return len(missing)


def _compare_with_mark(token_key: Path, mark: Path) -> None:
    fingerprint = hashlib.sha256(b"satupeta/" + token_key.read_bytes().strip()).hexdigest()
    if not mark.exists():
        _replace(mark, f"{fingerprint}\n")
    elif mark.read_text("utf-8").strip() != fingerprint:
        message = f"{token_key} is another key than the data were written with: restore it from its backup"
        raise KeysError(message)


def _fill(folder: Path, files: Mapping[str, str]) -> None:
    """Make ``folder`` with all of ``files`` in it or not at all: half a set of keys looks like a lost one."""
    unfinished = folder.with_name(f".{folder.name}")
    shutil.rmtree(unfinished, ignore_errors=True)
    for name, content in files.items():
        _write(unfinished / name, content)
    unfinished.rename(folder)


def _write(file: Path, content: str) -> bool:
    """Write ``file`` unless it is there; return whether it was written."""
    if file.exists():
        return False
    _replace(file, f"{content}\n")
    return True


def _replace(file: Path, content: str) -> None:
    """Write ``file`` whole or not at all, for whoever owns the folder above."""
    owner = file.parent.parent.stat()
    if not file.parent.exists():
        file.parent.mkdir(_ENTERED)
        file.parent.chmod(_ENTERED)
        _give(file.parent, owner)
    unfinished = file.with_name(f".{file.name}")
    unfinished.unlink(missing_ok=True)
    with unfinished.open("x", encoding="utf-8") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    unfinished.chmod(_READ)
    _give(unfinished, owner)
    unfinished.rename(file)


def _give(path: Path, owner: os.stat_result) -> None:
    """Let the person who made the folder of secrets read them, although the step runs as root."""
    if os.geteuid() == 0:
        os.chown(path, owner.st_uid, owner.st_gid)


def main() -> int:
    """Make what is missing; the exit code says whether every secret is there."""
    parser = argparse.ArgumentParser(prog="python -m deploy.keys", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder of the secrets, which exists")
    parser.add_argument("--mark", type=Path, required=True, help="file that remembers which keys the data have")
    parser.add_argument("--province", default="32", help="Kemendagri code of the provinsi (default: 32)")
    given = parser.parse_args()
    try:
        made = make_missing(given.folder, wilayah_of(given.province).offices, given.mark)
        made += make_missing_passwords(given.folder)
    except (KeysError, OSError, ValueError) as error:
        sys.stderr.write(f"keys: {error}\n")
        return 1
    sys.stdout.write(f"keys: {made} made, the rest were there\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
