"""The source as it lies on disk: what is delivered, what is parsed, and what is nobody's business."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DELIVERED: Final = ("contracts", "services", "deploy", "bench")
SERVICES: Final = ("ingest", "validator", "sync", "gateway", "desk")
_GENERATED: Final = frozenset({"__pycache__", "node_modules"})


def files(*folders: str, ending: str = "") -> list[Path]:
    """Return every file below ``folders`` in order, without what tools leave behind."""
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob(f"*{ending}"))
        if path.is_file() and not _is_hidden(path)
    ]


def modules(*folders: str) -> list[Path]:
    """Return every Python file below ``folders``."""
    return files(*folders, ending=".py")


def core_modules() -> list[Path]:
    """Return every module that decides and never touches the world."""
    return [*modules("contracts"), *(path for path in modules("services") if "core" in path.relative_to(ROOT).parts)]


def services() -> list[Path]:
    """Return the folder of every service that is there."""
    return [ROOT / "services" / name for name in SERVICES if (ROOT / "services" / name).is_dir()]


def named(path: Path) -> str:
    """Return how a file is named in a message: from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """Return what a module says."""
    return ast.parse(path.read_text("utf-8"), filename=named(path))


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call in a module with the last name of what is called."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id=name) | ast.Attribute(attr=name):
                    yield name, node


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") or part in _GENERATED for part in path.relative_to(ROOT).parts)
