"""What the validator can be told."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read from ``VALIDATOR_…`` in the environment; what differs between places has no default."""

    model_config = SettingsConfigDict(env_prefix="VALIDATOR_", extra="ignore", frozen=True)

    kafka_bootstrap_servers: str
    province: str = "32"
    keys_folder: Path
    """``key_id``, ``seal.key`` and ``token.key``."""
    pemilihan: str = "pilkada-2024"
    """The election whose polling day decides who is old enough (VTR-AGE)."""
    tiers_file: Path | None = None
    """Table ``code,tier,pemilihan`` laid over the standing tiers; an empty pemilihan stands for all of them."""
    breaker_override: bool = False
    """Go on although most of what most offices send is rejected: a person has found the rejections right."""
    http_host: str
    http_port: int
    log_level: str = "INFO"
