"""Logs: one JSON object a line on standard error, without personal data (invariant I13)."""

from __future__ import annotations

import logging
import re
import sys
from typing import Final

import orjson

from services.runtime import clock

_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# The last guard, not the first: whatever reaches a log, no run of digits as long as a NIK stays in it.
_LONG_NUMBER: Final = re.compile(r"(?<![0-9a-f])\d{14,20}(?![0-9a-f])")


class JsonLines(logging.Formatter):
    """Writes a record, with what was passed as ``extra``, as one line of JSON."""

    def __init__(self, service: str) -> None:
        """Name the service that every line is from."""
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        fields = {
            "time": clock.now_text(),
            "level": record.levelname.lower(),
            "service": self._service,
            "logger": record.name,
            "message": record.getMessage(),
            **{name: value for name, value in vars(record).items() if name not in _STANDARD},
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return masked(orjson.dumps(fields, default=str).decode())


def masked(text: str) -> str:
    """Return ``text`` with every number as long as a NIK replaced."""
    return _LONG_NUMBER.sub("[disamarkan]", text)


def start(service: str, level: str = "INFO") -> None:
    """Send all logs of this process to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(service))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Each speaks of every request, fetch or rebalance at INFO; what matters in them we say ourselves.
    for chatty in ("aiokafka", "uvicorn.access", "faststream", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
