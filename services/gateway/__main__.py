"""Starts gateway."""

from __future__ import annotations

import logging
import sys

from services.gateway.app import build
from services.gateway.settings import Settings
from services.runtime import lifecycle, logs
from services.runtime.errors import FatalError


def main() -> int:
    """Serve until asked to stop."""
    settings = Settings()
    logs.start("gateway", settings.log_level)
    log = logging.getLogger("services.gateway")
    try:
        gateway = build(settings)
    except FatalError as error:
        log.critical("cannot start", extra={"cause": str(error)})
        return 1
    lifecycle.serve(gateway.app, host=settings.http_host, port=settings.http_port, on_stop=gateway.announcements.end)
    return 0


if __name__ == "__main__":
    sys.exit(main())
