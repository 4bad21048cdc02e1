"""Names what this machine lacks, with the command that installs it; runs before anything is installed.

It uses the standard library alone and old syntax only, so that even a Python that is too old to run
the rest can say so.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from typing import Final

PYTHON_MIN: Final = (3, 11)
JAVA_MIN: Final = 17
_ANSWER_SECONDS_MAX: Final = 30


def missing() -> list[str]:
    """Return what is missing, one sentence with its remedy each."""
    found = [_python(), _venv(), _java(), _maven(), _setpriv()]
    return [sentence for sentence in found if sentence is not None]


def apt(packages: str) -> str:
    """Return the command that installs ``packages`` on Debian and Ubuntu for whoever asks."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get update && {sudo}apt-get install -y {packages}"


def _python() -> str | None:
    if sys.version_info[:2] >= PYTHON_MIN:
        return None
    seen, wanted = (".".join(map(str, version)) for version in (sys.version_info[:2], PYTHON_MIN))
    return (
        f"Python {wanted} or newer is needed, this is {seen}. {apt('python3 python3-venv')}, or: make PYTHON=python3.x"
    )


def _venv() -> str | None:
    # Debian ships `venv` without the part that puts pip into a new environment.
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return None
    return f"Python's venv is missing. {apt('python3-venv')}"


def _java() -> str | None:
    remedy = apt("openjdk-17-jre-headless")
    try:
        done = subprocess.run(
            ["java", "-version"],  # noqa: S607  # the one on PATH is the one Kafka will run on
            capture_output=True,
            text=True,
            timeout=_ANSWER_SECONDS_MAX,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return f"Java {JAVA_MIN} or newer is missing (Kafka runs on it). {remedy}"
    version = java_version(done.stderr)
    if version >= JAVA_MIN:
        return None
    return f"Java {JAVA_MIN} or newer is needed, this is {version}. {remedy}"


def java_version(text: str) -> int:
    """Return the major version in the answer of ``java -version``; 0 when there is none in it."""
    match = re.search(r'version "(?:1\.)?(\d+)', text)
    return int(match.group(1)) if match else 0


def _maven() -> str | None:
    return None if shutil.which("mvn") else f"Maven is missing (it fetches Kafka). {apt('maven')}"


def _setpriv() -> str | None:
    return (
        None if shutil.which("setpriv") else f"setpriv is missing (it ties servers to their owner). {apt('util-linux')}"
    )


def main() -> int:
    """Say what is missing; the exit code is 0 when nothing is."""
    sentences = missing()
    for sentence in sentences:
        sys.stderr.write(f"missing: {sentence}\n")
    return 1 if sentences else 0


if __name__ == "__main__":
    sys.exit(main())
