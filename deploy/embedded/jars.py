"""Fetches Kafka's jars from Maven's registry, once, and checks each against its recorded digest."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from deploy.embedded.errors import EmbeddedServerError

_HERE: Final = Path(__file__).resolve().parent
_POM: Final = _HERE / "pom.xml"
_DIGESTS: Final = _HERE / "jars.sha256"
FOLDER: Final = _HERE.parent.parent / ".kafka" / "lib"
"""Beside the code and ignored by git: every data folder uses the same jars."""
_PLUGIN: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
_FETCH_SECONDS_MAX: Final = 900


def class_path() -> str:
    """Return the class path of a broker.

    Raises:
        EmbeddedServerError: the jars have not been fetched.
    """
    missing = [name for name in _recorded() if not (FOLDER / name).exists()]
    if missing:
        message = f"Kafka's jars are not in {FOLDER} ({len(missing)} missing). Run: make setup"
        raise EmbeddedServerError(message)
    return str(FOLDER / "*")


def fetch() -> int:
    """Bring the jars into :data:`FOLDER` and return how many were missing.

    Raises:
        EmbeddedServerError: Maven failed, or a jar is not the one that was recorded.
    """
    recorded = _recorded()
    missing = sum(1 for name, digest in recorded.items() if _digest(FOLDER / name) != digest)
    if not missing:
        return 0
    shutil.rmtree(FOLDER, ignore_errors=True)
    command = ["mvn", "-q", "-B", "-f", str(_POM), _PLUGIN, "-DincludeScope=runtime", f"-DoutputDirectory={FOLDER}"]
    try:
        subprocess.run(command, check=True, timeout=_FETCH_SECONDS_MAX)  # noqa: S603  # our own command
    except (OSError, subprocess.SubprocessError) as error:
        message = f"Maven could not fetch Kafka's jars: {error}. Its own words stand above."
        raise EmbeddedServerError(message) from error
    found = {file.name: _digest(file) for file in FOLDER.glob("*.jar")}
    if found != recorded:
        differing = sorted(name for name in found.keys() | recorded.keys() if found.get(name) != recorded.get(name))
        message = f"these jars are not the ones recorded in {_DIGESTS}: {', '.join(differing)}"
        raise EmbeddedServerError(message)
    return missing


def _recorded() -> dict[str, str]:
    """Return the digest of each jar by its file name."""
    lines = (line.split() for line in _DIGESTS.read_text("ascii").splitlines())
    return {name: digest for digest, name in lines}


def _digest(file: Path) -> str | None:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else None


def main() -> int:
    """Fetch what is missing and say so."""
    try:
        fetched = fetch()
    except EmbeddedServerError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"kafka: {fetched} jars fetched, the rest were there\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
