"""What sync can be told."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read from ``SYNC_…`` in the environment; what differs between places has no default."""

    model_config = SettingsConfigDict(env_prefix="SYNC_", extra="ignore", frozen=True)

    kafka_bootstrap_servers: str
    postgres_dsn: str
    postgres_password_file: Path | None = None
    province: str = "32"
    http_host: str
    http_port: int
    log_level: str = "INFO"
