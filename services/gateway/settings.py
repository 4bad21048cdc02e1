"""What gateway can be told."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read from ``GATEWAY_…`` in the environment; what differs between places has no default."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_", extra="ignore", frozen=True)

    postgres_dsn: str
    """Of a role that may only read: a member of ``gateway_reader``, which the migration step makes."""
    postgres_password_file: Path | None = None
    province: str = "32"
    http_host: str
    http_port: int
    log_level: str = "INFO"
