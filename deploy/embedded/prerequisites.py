"""Names what this machine lacks, with the command that installs it; runs before anything is installed.

It uses the standard library alone and nothing newer than Python 3.8, so that an older Python can say what is missing.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

PYTHON_MIN: Final = (3, 11)
JAVA_MIN: Final = 17
_JAVA_PACKAGES: Final = ("openjdk-17-jre-headless", "openjdk-21-jre-headless")
"""Debian and Ubuntu carry one or the other, depending on their age."""
_ANSWER_SECONDS_MAX: Final = 30


@dataclass(frozen=True)
class Missing:
    """One thing that this machine lacks."""

    what: str
    packages: tuple[str, ...]
    """What carries it on Debian and Ubuntu."""


def missing() -> list[Missing]:
    """Return everything that is missing."""
    checks: tuple[Callable[[], Missing | None], ...] = (_python, _venv, _java, _maven, _setpriv)
    return [found for check in checks for found in (check(),) if found is not None]


def remedy(packages: Iterable[str]) -> str:
    """Return the command that installs ``packages`` for whoever asks."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get update && {sudo}apt-get install -y {' '.join(packages)}"


def java_version(text: str) -> int:
    """Return the major version in the answer of ``java -version``; 0 when there is none in it."""
    match = re.search(r'version "(?:1\.)?(\d+)', text)
    return int(match.group(1)) if match else 0


def _python() -> Missing | None:
    if sys.version_info[:2] >= PYTHON_MIN:
        return None
    seen, wanted = (".".join(map(str, version)) for version in (sys.version_info[:2], PYTHON_MIN))
    what = f"Python {wanted} or newer (this is {seen}; to name another: make PYTHON=python{wanted})"
    return Missing(what, (f"python{wanted}", f"python{wanted}-venv"))


def _venv() -> Missing | None:
    # Debian ships `venv` without the part that puts pip into a new environment.
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return None
    return Missing("Python's venv", ("python3-venv",))


def _java() -> Missing | None:
    seen = java_version(_answer("java", "-version"))
    if seen >= JAVA_MIN:
        return None
    instead = f" (this is {seen})" if seen else ""
    return Missing(f"Java {JAVA_MIN} or newer{instead}, on which Kafka runs", (_java_package(),))


def _java_package() -> str:
    for package in _JAVA_PACKAGES:
        if _answer("apt-cache", "show", package):
            return package
    return _JAVA_PACKAGES[0]


def _maven() -> Missing | None:
    return None if shutil.which("mvn") else Missing("Maven, which fetches Kafka", ("maven",))


def _setpriv() -> Missing | None:
    return None if shutil.which("setpriv") else Missing("setpriv, which ties servers to their owner", ("util-linux",))


def _answer(*command: str) -> str:
    """Return what a command says on either channel; nothing when it fails or is not there."""
    try:
        done = subprocess.run(  # noqa: S603  # our own command
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_ANSWER_SECONDS_MAX,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return "" if done.returncode else done.stdout


def main() -> int:
    """Say what is missing; the exit code is 0 when nothing is. ``--packages`` prints the packages alone."""
    found = missing()
    packages = [package for each in found for package in each.packages]
    if "--packages" in sys.argv[1:]:
        sys.stdout.write(f"{' '.join(packages)}\n")
        return 0
    if not found:
        return 0
    for each in found:
        sys.stderr.write(f"missing: {each.what}\n")
    sys.stderr.write(f"install with: {remedy(packages)}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
