"""The desk's own files: the settings it keeps and the key it reads, for their owner's eyes only."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from services.desk.core.misuse import MisuseError


def read_key(path: Path | None) -> str:
    """Return the API key that is all there is in a file; it never stands in a setting, an argument or a log.

    Raises:
        MisuseError: there is none, or its file cannot be read.
    """
    if path is None:
        raise MisuseError(text="setting-missing", name="key_file")
    try:
        key = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise MisuseError(text="key-unreadable", path=path, why=type(error).__name__) from error
    if not key or not key.isascii() or not key.isprintable() or len(key.split()) != 1:
        raise MisuseError(text="key-unreadable", path=path, why="no key")
    return key


def write_settings(config: Path, kept: Mapping[str, str | None]) -> None:
    """Leave settings in their file."""
    # A JSON string is a TOML string.
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in kept.items() if value is not None]
    write_private(config, "".join(lines))


def write_beside(path: Path, name: str, content: bytes) -> Path:
    """Leave a file beside the one at ``path``, for its owner alone; return where.

    What is there already stays as it is: somebody may be working in it. Then a number is put in the name.

    Raises:
        OSError: the folder cannot be written.
    """
    stem, _, ending = name.rpartition(".")
    part = path.with_name(f".{name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        for nth in count(1):
            target = path.with_name(name if nth == 1 else f"{stem}-{nth}.{ending}")
            if not target.exists():
                part.rename(target)
                return target
    finally:
        part.unlink(missing_ok=True)
    raise AssertionError(name)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
