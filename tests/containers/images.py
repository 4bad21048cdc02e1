"""Which images the tests stand on."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

IMAGES: Final = {"PYTHON_IMAGE": "python", "KAFKA_IMAGE": "apache/kafka", "POSTGRES_IMAGE": "postgres"}
"""The settings that name an image, and the official repository of each."""
_EXAMPLE: Final = Path(__file__).parents[2] / ".env.example"
_ANSWER_SECONDS_MAX: Final = 30


def image(setting: str) -> str:
    """Return the image that the environment names, or the one that is the default of the compose file.

    Where no registry can be reached and that tag is not here, another of the same repository will do.
    """
    if named := os.environ.get(setting):
        return named
    lines = (line.removeprefix("#").partition("=") for line in _EXAMPLE.read_text("utf-8").splitlines())
    [wanted] = [value for name, _, value in lines if name == setting]
    here = _tags_of(IMAGES[setting])
    return wanted if wanted in here or not here else here[0]


def _tags_of(repository: str) -> list[str]:
    """Return the images of one repository that lie on this machine, newest first."""
    if shutil.which("docker") is None:
        return []
    listed = subprocess.run(  # noqa: S603  # our own command
        ["docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}", repository],  # noqa: S607
        capture_output=True,
        text=True,
        timeout=_ANSWER_SECONDS_MAX,
        check=False,
    )
    return [line for line in listed.stdout.split() if not line.endswith(":<none>")]
