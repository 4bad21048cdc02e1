"""Starts ingest."""

from __future__ import annotations

import logging
import sys

from services.ingest.app import build
from services.ingest.settings import Settings
from services.runtime import lifecycle, logs
from services.runtime.errors import FatalError

_SWITCH_SECONDS = 0.001
"""How long a clerk at work may keep Python's lock from the event loop: five times less than by default."""


def main() -> int:
    """Serve until asked to stop."""
    settings = Settings()
    logs.start("ingest", settings.log_level)
    log = logging.getLogger("services.ingest")
    log.info("starting", extra={"settings": settings.model_dump(mode="json")})
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        app = build(settings)
    except FatalError as error:
        log.critical("cannot start", extra={"cause": str(error)})
        return 1
    lifecycle.serve(app, host=settings.http_host, port=settings.http_port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
