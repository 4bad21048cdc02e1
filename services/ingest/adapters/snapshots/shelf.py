"""The shelf: where files of an office lie, in clear and for the owner alone, while they are needed."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Collection
from pathlib import Path
from typing import BinaryIO, Final

from services.runtime.answers import ProblemError

_PRIVATE_FILE: Final = 0o600
_PRIVATE_FOLDER: Final = 0o700
_COPY_BYTES: Final = 1024 * 1024


class Shelf:
    """The files of one office."""

    def __init__(self, folder: Path, *, bytes_max: int) -> None:
        """Keep them in ``folder``, none larger than ``bytes_max``."""
        self._folder = folder
        self._bytes_max = bytes_max

    def path_of(self, identity: str) -> Path:
        """Return where the file of a job lies."""
        return self._folder / f"{identity}.file"

    def copy_of(self, identity: str) -> Path:
        """Return where the marked copy of a file lies."""
        return self._folder / f"{identity}.xlsx"

    def part_of(self, identity: str) -> Path:
        """Return where something may lie until it is whole."""
        return self._part(identity)

    def forget_copies(self, before_seconds: float) -> None:
        """Remove marked copies that were made before a moment: they hold what the office sent."""
        for path in self._folder.glob("*.xlsx"):
            if path.stat().st_mtime < before_seconds:
                path.unlink(missing_ok=True)

    async def put(self, identity: str, chunks: AsyncIterator[bytes]) -> int:
        """Put what arrives on the shelf, whole or not at all; return its size.

        Raises:
            ProblemError: it is too large.
        """
        part = self._part(identity)
        size = 0
        try:
            with _opened(part) as file:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > self._bytes_max:
                        raise ProblemError(
                            code="BODY-TOO-LARGE", detail=f"a file may have {self._bytes_max} bytes at most"
                        )
                    file.write(chunk)
                # A large file takes the disk a moment, in which others are served.
                await asyncio.to_thread(_flush, file)
            part.rename(self.path_of(identity))
        finally:
            part.unlink(missing_ok=True)
        await asyncio.to_thread(_flush_folder, self._folder)
        return size

    def put_copy(self, identity: str, original: Path) -> int:
        """Put a copy of a file on the shelf; return its size."""
        part = self._part(identity)
        try:
            with original.open("rb") as source, _opened(part) as file:
                shutil.copyfileobj(source, file, _COPY_BYTES)
                _flush(file)
                size = file.tell()
            part.rename(self.path_of(identity))
        finally:
            part.unlink(missing_ok=True)
        _flush_folder(self._folder)
        return size

    def remove(self, identity: str) -> None:
        """Remove the file of a job; it may be gone already."""
        self.path_of(identity).unlink(missing_ok=True)

    def clear(self, needed: Collection[str]) -> None:
        """Remove what a kill has left behind: all but marked copies and the files of jobs that still need theirs."""
        if not self._folder.exists():
            return
        for path in self._folder.iterdir():
            if path.suffix != ".xlsx" and (path.suffix != ".file" or path.stem not in needed):
                path.unlink(missing_ok=True)

    def _part(self, identity: str) -> Path:
        self._folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        return self._folder / f"{identity}.part"


def _opened(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, _PRIVATE_FILE), "wb")


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Have the name of a file survive a power cut, too."""
    opened = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
