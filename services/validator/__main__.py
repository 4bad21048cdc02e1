"""Starts the validator."""

from __future__ import annotations

import logging
import sys

from services.runtime import lifecycle, logs
from services.runtime.errors import FatalError
from services.validator.app import build
from services.validator.settings import Settings


def main() -> int:
    """Serve until asked to stop."""
    settings = Settings()
    logs.start("validator", settings.log_level)
    log = logging.getLogger("services.validator")
    log.info("starting", extra={"settings": settings.model_dump(mode="json")})
    try:
        app = build(settings)
    except FatalError as error:
        log.critical("cannot start", extra={"cause": str(error)})
        return 1
    lifecycle.serve(app, host=settings.http_host, port=settings.http_port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
