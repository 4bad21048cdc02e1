"""Secrets come from files, so that they stand in no environment, process list or log."""

from __future__ import annotations

from pathlib import Path

from contracts.personal import PersonalKeys
from services.runtime.errors import FatalError


def read_personal_keys(folder: Path) -> PersonalKeys:
    """Return the keys in ``folder``: ``key_id``, ``seal.key`` and ``token.key`` (64 hex digits each).

    Raises:
        FatalError: a file is missing or does not hold a key.
    """
    try:
        return PersonalKeys(
            key_id=_text(folder / "key_id"),
            seal_key=bytes.fromhex(_text(folder / "seal.key")),
            token_key=bytes.fromhex(_text(folder / "token.key")),
        )
    except ValueError as error:
        message = f"{folder}: seal.key and token.key must hold 64 hex digits each"
        raise FatalError(message) from error


def read_secret(path: Path) -> str:
    """Return the secret in a file.

    Raises:
        FatalError: the file cannot be read.
    """
    return _text(path)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        message = f"{path}: the secret cannot be read ({error.strerror})"
        raise FatalError(message) from error
