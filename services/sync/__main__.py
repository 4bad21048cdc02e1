"""Starts sync."""

from __future__ import annotations

from services.runtime import lifecycle, logs
from services.sync.app import build
from services.sync.settings import Settings

settings = Settings()
logs.start("sync", settings.log_level)
lifecycle.serve(build(settings), host=settings.http_host, port=settings.http_port)
