"""Every module says what it is, is named after what it does, and keeps to what its place allows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pytest

from tests.architecture.source import (
    DELIVERED,
    ROOT,
    SERVICES,
    calls,
    core_modules,
    files,
    modules,
    named,
    services,
    tree,
)

NAMELESS: Final = frozenset({"utils", "util", "common", "helpers", "helper", "base", "manager", "service", "misc"})
ANATOMY: Final = ("__init__.py", "__main__.py", "app.py", "settings.py", "core", "adapters")
"""What every service has (house style 1)."""
BEYOND: Final = {
    "ingest": {"migrations": ".sql"},
    "validator": {"catalogue.py": ".py", "tiers.csv": ".csv"},
    "sync": {"migrate.py": ".py", "migrations": ".sql", "sql": ".sql", "statistik.csv": ".csv"},
    "gateway": {"queries": ".sql"},
    "desk": {},
}
"""What one service has besides, and the one kind of file in it."""
KAFKA: Final = "services/runtime/kafka.py"
KAFKA_CLIENTS: Final = frozenset({"KafkaBroker", "AIOKafkaConsumer", "AIOKafkaProducer", "subscriber"})
CLOCKS: Final = frozenset({"now", "utcnow", "today", "monotonic", "perf_counter", "time_ns", "monotonic_ns"})
MIGRATION: Final = re.compile(r"(?P<number>\d{4})_[a-z]+(_[a-z0-9]+)+\.sql")


def test_no_module_has_a_name_that_says_nothing() -> None:
    found = [
        named(path)
        for path in modules(*DELIVERED, "tests")
        if NAMELESS & {*path.relative_to(ROOT).with_suffix("").parts}
    ]
    assert not found, f"name these after the one thing they do: {found}"


def test_every_module_says_in_a_sentence_what_it_is() -> None:
    found = [named(path) for path in modules(*DELIVERED) if not (ast.get_docstring(tree(path)) or "").strip()]
    assert not found, f"write a docstring of one sentence at the top of {found}"


def test_the_first_line_of_a_module_is_a_sentence() -> None:
    found = [
        named(path)
        for path in modules(*DELIVERED)
        if (ast.get_docstring(tree(path)) or ".").partition("\n\n")[0].rstrip()[-1:] not in {".", "?", ":"}
    ]
    assert not found, f"end the first sentence of the docstring of {found}"


@pytest.mark.parametrize("service", services(), ids=lambda path: path.name)
def test_a_service_has_the_anatomy_of_a_service(service: Path) -> None:
    missing = [named(service / part) for part in ANATOMY if not (service / part).exists()]
    assert not missing, f"create {missing}"


@pytest.mark.parametrize("service", services(), ids=lambda path: path.name)
def test_a_service_has_no_other_kind_of_file(service: Path) -> None:
    beyond = BEYOND[service.name]
    strangers = []
    for path in files(named(service)):
        part = path.relative_to(service).parts[0]
        ending = ".py" if part in ANATOMY else beyond.get(part)
        if path.suffix != ending:
            strangers.append(named(path))
    assert not strangers, f"house style 1 knows no place for {strangers}"


def test_there_are_four_services_a_desk_and_a_runtime() -> None:
    there = {
        path.name for path in (ROOT / "services").iterdir() if path.is_dir() and not path.name.startswith((".", "_"))
    }
    assert there <= {*SERVICES, "runtime"}, "one verb each: the desk hands in, they stamp, judge, merge and show"


def test_kafka_is_opened_in_one_place_only() -> None:
    found = [
        f"{named(path)}:{call.lineno} {name}"
        for path in modules(*DELIVERED)
        for name, call in calls(path)
        if name in KAFKA_CLIENTS and named(path) != KAFKA
    ]
    assert not found, f"use connect, subscribe, follow and publish of {KAFKA}, which lose nothing, instead of {found}"


def test_when_an_offset_moves_is_decided_in_one_place_only() -> None:
    found = [
        f"{named(path)}:{call.lineno}"
        for path in modules(*DELIVERED)
        if named(path) != KAFKA
        for _, call in calls(path)
        if {keyword.arg for keyword in call.keywords} & {"ack_policy", "auto_offset_reset", "enable_auto_commit"}
    ]
    assert not found, f"leave this to {KAFKA}: {found}"


def test_nothing_prints() -> None:
    found = [
        f"{named(path)}:{call.lineno}"
        for path in modules(*DELIVERED)
        for name, call in calls(path)
        # A method of that name writes where its object was told to.
        if name == "print" and isinstance(call.func, ast.Name)
    ]
    assert not found, f"a service logs, a command writes to sys.stdout: {found}"


def test_no_decision_asks_the_clock() -> None:
    found = [
        f"{named(path)}:{call.lineno} {name}" for path in core_modules() for name, call in calls(path) if name in CLOCKS
    ]
    assert not found, f"take the moment as an argument: {found}"


def test_no_decision_waits() -> None:
    found = [
        f"{named(path)}:{node.lineno}"
        for path in core_modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith)
    ]
    assert not found, f"contracts and core are plain functions; what waits belongs into adapters: {found}"


def test_nothing_that_is_delivered_knows_the_tests() -> None:
    found = [
        f"{named(path)}:{node.lineno}"
        for path in modules("contracts", "services", "deploy")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and "tests" in {name.partition(".")[0] for name in _imported(node)}
    ]
    assert not found, f"tests are not delivered: {found}"


@pytest.mark.parametrize("folder", sorted({path.parent for path in files("services", ending=".sql")}), ids=named)
def test_every_sql_file_is_used(folder: Path) -> None:
    if folder.name == "migrations":
        return
    said = list(_texts(modules(named(folder.parent))))
    unused = [
        named(path)
        for path in files(named(folder), ending=".sql")
        if not any(pattern.fullmatch(path.stem) for pattern in said)
    ]
    assert not unused, f"nothing in {named(folder.parent)} names these: {unused}"


@pytest.mark.parametrize("folder", sorted({path.parent for path in files("services", ending=".sql")}), ids=named)
def test_migrations_are_numbered_without_gaps(folder: Path) -> None:
    if folder.name != "migrations":
        return
    matches = {path: MIGRATION.fullmatch(path.name) for path in files(named(folder), ending=".sql")}
    misnamed = [named(path) for path, match in matches.items() if match is None]
    assert not misnamed, f"name these NNNN_verb_noun.sql: {misnamed}"
    numbers = [int(match["number"]) for match in matches.values() if match is not None]
    assert numbers == list(range(1, len(numbers) + 1)), f"number the migrations in {named(folder)} from 1 on, each once"


def _imported(node: ast.Import | ast.ImportFrom) -> Iterable[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names]


def _texts(paths: Iterable[Path]) -> Iterable[re.Pattern[str]]:
    """Yield what each text in ``paths`` may be: itself, or with anything in the place of what is filled in."""
    for path in paths:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield re.compile(re.escape(node.value.removesuffix(".sql")))
            # A file is named in part by a text such as f"merge_{noun}"; a shorter beginning names nothing.
            elif isinstance(node, ast.JoinedStr) and str(getattr(node.values[0], "value", "")).endswith("_"):
                parts = (
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z0-9_]+"
                    for part in node.values
                )
                yield re.compile("".join(parts).removesuffix(r"\.sql"))
