"""Whatever is added brings its companions: a failure names the path to create."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest

from contracts.envelope import EVENT_TYPES
from contracts.schemas import COMMAND
from contracts.schemas.json_schema import submission_name
from services.sync.core.records import PERNYATAAN
from tests.architecture.source import ROOT, files, modules, named, services

CONTRACTS: Final = ROOT / "contracts"
KINDS: Final = list(EVENT_TYPES)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_event_type_has_published_schemas(kind: Any) -> None:
    missing = _missing(CONTRACTS / "schemas" / f"{name}.json" for name in (kind.name, submission_name(kind)))
    assert not missing, f"run `{COMMAND}` to create {missing}"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("verdict", ["valid", "invalid"])
def test_an_event_type_has_examples_that_are_kept_for_ever(kind: Any, verdict: str) -> None:
    folder = CONTRACTS / "examples" / kind.name / verdict
    missing = [f"{named(folder)}/*.{ending}" for ending in ("json", "line") if not list(folder.glob(f"*.{ending}"))]
    assert not missing, f"create {missing}"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_event_type_is_merged(kind: Any) -> None:
    table = "pernyataan" if kind.noun in PERNYATAAN else kind.noun
    missing = _missing(ROOT / "services/sync/sql" / f"{step}_{table}.sql" for step in ("stage", "merge"))
    assert not missing, f"create {missing}"


def test_examples_belong_to_an_event_type() -> None:
    strangers = [
        named(path)
        for path in sorted((CONTRACTS / "examples").iterdir())
        if path.is_dir() and not EVENT_TYPES.get(path.name)
    ]
    assert not strangers, f"no event type has the name of {strangers}; what was published stays readable for ever"


def test_every_file_of_events_states_one_version_of_one_noun() -> None:
    said = {kind.data.__module__.rpartition(".")[2] for kind in KINDS}
    for path in modules("contracts/events"):
        if path.name == "__init__.py":
            continue
        assert re.fullmatch(r"[a-z_]+_v[1-9]\d*", path.stem), f"name {named(path)} after its noun and version"
        assert path.stem in said, f"{named(path)} registers no event type"


@pytest.mark.parametrize("service", services(), ids=lambda path: path.name)
def test_a_service_is_tested_against_real_servers(service: Path) -> None:
    folder = ROOT / "tests" / "integration" / service.name
    assert list(folder.glob("test_*.py")), f"create {named(folder)}/test_*.py"


def test_every_decision_is_one_numbered_page() -> None:
    pages = files("docs/decisions", ending=".md")
    numbers = [int(path.name[:4]) for path in pages]
    assert numbers == list(range(1, len(pages) + 1)), "number the pages of docs/decisions from 0001 on, each once"


def _missing(paths: Any) -> list[str]:
    return [named(path) for path in paths if not path.exists()]
