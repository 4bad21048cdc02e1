"""satupeta login: learns where the office is served and with which key, tries it, and remembers it."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from services.desk.adapters.own_files import read_key, write_private, write_settings
from services.desk.adapters.workplace import Workplace
from services.desk.core.ending import Ending
from services.desk.core.misuse import MisuseError


def run(place: Workplace, given: argparse.Namespace) -> Ending:
    """Write the settings file after the key has been tried, and never before."""
    ingest, gateway, key = place.ingest_url, place.gateway_url, None
    if given.addresses is not None:
        if place.office_code is None:
            raise MisuseError(text="setting-missing", name="office")
        ingest, gateway, key = _listed(given.addresses, place.office_code)
    if ingest is None:
        ingest = place.screen.ask("ask-ingest")
    if gateway is None:
        gateway = place.screen.ask("ask-gateway") or None
    if not ingest:
        raise MisuseError(text="setting-missing", name="ingest")
    # A key file of an earlier login is no answer: whoever logs in again means another key.
    named = getattr(given, "key_file", None)
    if key is None:
        key = read_key(place.key_file) if named is not None else _asked_key(place)
    office = str(place.link(ingest, key=key).get("/v1/status")["office"])
    if named is not None and given.addresses is None:
        key_file = Path(named).expanduser()
    else:
        key_file = place.config.parent / f"key-{office}"
        write_private(key_file, key + "\n")
    kept = {
        "ingest": ingest.rstrip("/"),
        "gateway": gateway.rstrip("/") if gateway else None,
        "office": office,
        "key_file": str(key_file.absolute()),
        "lang": place.speech.language,
    }
    write_settings(place.config, kept)
    place.screen.say(place.speech("login-done", office=office, path=place.config), "green")
    place.screen.answer({**kept, "config": str(place.config)})
    return Ending.DONE


def _listed(addresses: Path, office: str) -> tuple[str, str, str]:
    """Return ingest, gateway and key of an office from the file that `make demo` leaves."""
    try:
        lines = addresses.read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise MisuseError(text="config-unreadable", path=addresses, why=type(error).__name__) from error
    told = dict(line.partition("=")[::2] for line in lines)
    names = (f"INGEST_{office}", "GATEWAY", f"KEY_{office}")
    for name in names:
        if name not in told:
            raise MisuseError(text="address-missing", path=addresses, name=name)
    ingest, gateway, key = (told[name] for name in names)
    return ingest, gateway, key


def _asked_key(place: Workplace) -> str:
    """Return the key as it is typed or piped: it never stands on the command line, which others can read."""
    if sys.stdin.isatty():
        key = getpass.getpass(place.speech("ask-key") + " ", stream=sys.stderr)
    else:
        key = sys.stdin.readline()
    if not key.strip():
        raise MisuseError(text="setting-missing", name="key_file")
    return key.strip()
