"""What the desk can be told: by options, else by ``SATUPETA_…``, else by the file that ``satupeta login`` wrote."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final

from services.desk.core.figures import LANGUAGES
from services.desk.core.misuse import MisuseError

_PREFIX: Final = "SATUPETA_"
PATIENCE_SECONDS: Final = 300.0
"""How long a request is repeated while the link is down, unless told otherwise: a modem that dials again."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the desk's office is served, and how it wants to be spoken to."""

    ingest: str | None = None
    """Base address of the office's ingest."""
    gateway: str | None = None
    """Base address of the province's gateway."""
    office: str | None = None
    """Kemendagri code of the office, which ``login`` learns from ingest."""
    key_file: Path | None = None
    """File with the office's API key and nothing else."""
    lang: str = "id"
    patience: float = PATIENCE_SECONDS
    """Seconds for which a request is repeated when nobody answers."""
    config: Path = field(default=Path())
    """Where these were read from, and where ``login`` writes."""
    state: Path = field(default=Path())
    """Folder of what the desk remembers: what it pushed and how far."""


def read_settings(environ: Mapping[str, str], options: Mapping[str, Any]) -> Settings:
    """Return the settings; an option that is ``None`` was not given.

    Raises:
        MisuseError: the file is not TOML, or a value is no such thing.
    """
    home = Path(environ.get("HOME") or Path.home())
    own = home / ".config" if not environ.get("XDG_CONFIG_HOME") else Path(environ["XDG_CONFIG_HOME"])
    remembered = home / ".local/state" if not environ.get("XDG_STATE_HOME") else Path(environ["XDG_STATE_HOME"])
    config = Path(options.get("config") or environ.get(_PREFIX + "CONFIG") or own / "satupeta/config.toml")
    names = [one.name for one in fields(Settings) if one.name != "config"]
    told: dict[str, Any] = {"state": remembered / "satupeta"}
    told |= {name: value for name, value in _in_file(config).items() if name in names}
    told |= {name: value for name in names if (value := environ.get(_PREFIX + name.upper()))}
    told |= {name: value for name in names if (value := options.get(name)) is not None}
    return _checked(replace(Settings(), config=config), told)


def _in_file(config: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(config.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise MisuseError(text="config-unreadable", path=config, why=type(error).__name__) from error


def _checked(settings: Settings, told: dict[str, Any]) -> Settings:
    for name in ("ingest", "gateway"):
        if name in told:
            told[name] = str(told[name]).rstrip("/")
            if not told[name].startswith(("http://", "https://")):
                raise MisuseError(text="setting-invalid", name=name, expected="http://… / https://…")
    for name in ("key_file", "state"):
        if name in told:
            told[name] = Path(str(told[name])).expanduser()
    if told.get("lang", "id") not in LANGUAGES:
        raise MisuseError(text="setting-invalid", name="lang", expected=" / ".join(LANGUAGES))
    try:
        told["patience"] = float(told.get("patience", PATIENCE_SECONDS))
    except ValueError:
        raise MisuseError(text="setting-invalid", name="patience", expected="300") from None
    if not 0 <= told["patience"] < float("inf"):
        raise MisuseError(text="setting-invalid", name="patience", expected="300")
    return replace(settings, **told)
