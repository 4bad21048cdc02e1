"""The province in containers, once for all tests of a run; asked for by name alone: ``make test-containers``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.containers.engine import missing
from tests.containers.province import Province


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:  # noqa: ARG001  # the hook's
    """Leave these tests out of a run that does not name them: they need a container engine and images."""
    return None if any("containers" in argument for argument in config.args) else True


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    """Return a province that is up and ready; afterwards nothing of it is left."""
    if what := missing():
        pytest.fail(what, pytrace=False)
    province = Province(tmp_path_factory.mktemp("secrets"))
    try:
        province.build()
        province.up()
        yield province
    finally:
        province.remove()
