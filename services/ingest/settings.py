"""What ingest can be told."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from contracts.identifiers import KodeKantor


class Settings(BaseSettings):
    """Settings from the environment, each with the prefix ``INGEST_``."""

    model_config = SettingsConfigDict(env_prefix="INGEST_", frozen=True)

    kafka_bootstrap_servers: str
    province: str = "32"
    offices: Annotated[tuple[KodeKantor, ...], NoDecode, Field(min_length=1)]
    """Codes of the offices that this process serves, with commas between them."""
    data_folder: Path
    """One SQLite file for each office lies here: what it holds is nowhere else."""
    keys_folder: Path
    """``key_id``, ``seal.key`` and ``token.key``."""
    api_keys_file: Path
    """A line ``<office> <sha256 of its key in hex>`` for each key."""
    http_host: str = "127.0.0.1"
    http_port: int
    log_level: str = "INFO"
    retention_days: Annotated[int, Field(ge=1)] = 14
    """How long lines are kept after they are merged: as long as Kafka keeps them."""
    snapshot_bytes_max: Annotated[int, Field(ge=1)] = 2 * 1024**3
    """Size of one file that an office hands over: four million voters have about 700 MB as CSV."""
    snapshot_days: Annotated[int, Field(ge=1)] = 90
    """How long is kept what was wrong in a file and what was decided about what it no longer named."""
    marked_days: Annotated[int, Field(ge=1)] = 14
    """How long marked copies are kept: they hold what the office sent, in clear."""
    watched_folder: Path | None = None
    """A folder with one subfolder for each office, whose files are taken as they come; none is watched without it."""

    @field_validator("offices", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value
