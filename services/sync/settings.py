"""What sync can be told."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read from ``SYNC_…`` in the environment; what differs between places has no default."""

    model_config = SettingsConfigDict(env_prefix="SYNC_", extra="ignore", frozen=True)

    kafka_bootstrap_servers: str
    postgres_dsn: str
    postgres_password_file: Path | None = None
    province: str = "32"
    statistics_seconds: Annotated[float, Field(ge=0)] = 10.0
    """What was computed of a kabupaten is good enough for so long, however much has changed since."""
    statistics_file: Path | None = None
    """A table of thresholds (``nama,nilai``) to lay over ``statistik.csv``; checked at the start."""
    http_host: str
    http_port: int
    log_level: str = "INFO"
