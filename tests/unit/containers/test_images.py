"""What images are made of agrees with what is tested without them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

_ROOT: Final = Path(__file__).parents[3]


def lines_of(lock: str) -> set[str]:
    text = (_ROOT / lock).read_text("utf-8")
    return {line.strip().removesuffix(" \\") for line in text.splitlines() if not line.strip().startswith("#")} - {""}


@pytest.mark.parametrize("lock", ["deploy/requirements.lock", "deploy/demo.lock"])
def test_an_image_has_the_packages_that_were_tested(lock: str) -> None:
    assert lines_of(lock)
    assert lines_of(lock) <= lines_of("requirements.lock")


def test_the_example_shows_the_defaults_of_the_compose_file() -> None:
    compose = (_ROOT / "docker-compose.yml").read_text("utf-8")
    example = (_ROOT / ".env.example").read_text("utf-8")
    lines = [line.removeprefix("#").partition("=") for line in example.splitlines() if line[:1] == "#"]
    settings = {name: value for name, _, value in lines if name.isidentifier()}
    assert len(settings) > 10
    for name, value in settings.items():
        assert f"${{{name}:-{value}}}" in compose, f".env.example: {name}"
