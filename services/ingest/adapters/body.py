"""Reads the body of a request within limits of size, time and expansion."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import Request
from starlette.requests import ClientDisconnect

from services.runtime.answers import ProblemError

BODY_BYTES_MAX: Final = 32 * 1024 * 1024
"""One request, before and after decompression: 50,000 voters have about 20 MiB."""
BODY_SECONDS_MAX: Final = 60.0
"""Enough for a full body at 4 Mbit/s; a slower link sends smaller parts."""
_TOGETHER_BYTES_MAX: Final = 256 * 1024 * 1024
"""All bodies that one process holds at a time: what is beyond it waits at its sender."""
_GZIP: Final = 16 + zlib.MAX_WBITS


class Bodies:
    """Reads bodies, and knows how many bytes of them are held together."""

    def __init__(self, *, seconds_max: float = BODY_SECONDS_MAX) -> None:
        """Hold none yet."""
        self._held = 0
        self._seconds_max = seconds_max

    @asynccontextmanager
    async def read(self, request: Request) -> AsyncIterator[bytes]:
        """Lend the body of ``request``, decompressed; its bytes count as held until the end.

        Raises:
            ProblemError: it is too large, too slow, damaged, or there is too much at once.
        """
        encoding = request.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in {"identity", "gzip", "x-gzip"}:
            raise ProblemError(code="COMPRESSION-UNKNOWN", detail="Content-Encoding is served with gzip only")
        announced = request.headers.get("content-length", "")
        if announced.isdecimal() and int(announced[:12]) > BODY_BYTES_MAX:
            raise _too_large()
        chunks: list[bytes] = []
        held = 0
        try:
            async with asyncio.timeout(self._seconds_max):
                async for chunk in request.stream():
                    held += len(chunk)
                    self._held += len(chunk)
                    if held > BODY_BYTES_MAX:
                        raise _too_large()
                    if self._held > _TOGETHER_BYTES_MAX:
                        raise ProblemError(
                            code="BUSY", detail=f"more than {_TOGETHER_BYTES_MAX} bytes are being taken already"
                        )
                    chunks.append(chunk)
            body = b"".join(chunks)
            chunks.clear()
            if encoding != "identity":
                # Decompressing lets go of Python's lock, so it delays nobody.
                body = await asyncio.to_thread(_decompressed, body)
            yield body
        except TimeoutError:
            detail = f"the body did not arrive within {self._seconds_max:g} seconds"
            raise ProblemError(code="BODY-TIMEOUT", detail=detail) from None
        except ClientDisconnect:
            raise ProblemError(code="BODY-TIMEOUT", detail="the sender has gone away") from None
        finally:
            self._held -= held


def _decompressed(body: bytes) -> bytes:
    """Return what a gzip stream of one or more members holds."""
    found = bytearray()
    rest = body
    try:
        while rest:
            stream = zlib.decompressobj(_GZIP)
            found += stream.decompress(rest, BODY_BYTES_MAX + 1 - len(found))
            if len(found) > BODY_BYTES_MAX:
                raise _too_large()
            if not stream.eof:
                raise ProblemError(code="COMPRESSION-INVALID", detail="the gzip stream ends too early")
            rest = stream.unused_data
    except zlib.error:
        raise ProblemError(code="COMPRESSION-INVALID", detail="the gzip stream is damaged") from None
    return bytes(found)


def _too_large() -> ProblemError:
    return ProblemError(
        code="BODY-TOO-LARGE", detail=f"a body may have {BODY_BYTES_MAX} bytes at most, also when decompressed"
    )
