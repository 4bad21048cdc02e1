"""What this validator judges with, part by part: a digest of every rule and every list of candidates (decision 0017).

A digest becomes another when the part may judge otherwise than before, so that what was held by it is worth a second
look. It says nothing about which of two is newer.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import cache
from hashlib import sha256
from importlib import import_module
from typing import Final

from contracts.pemilihan import PEMILIHAN
from contracts.remembered import ATURAN, CALON, Edition
from services.validator.core.reference import Reference
from services.validator.core.rule import Rule
from services.validator.core.tiers import Tiers

EVERY_RULE: Final = ("JUDGE-FAULT", "RULE-FAULT")
"""Our own mistakes in whichever rule: they become others with any of them."""

_DIGEST_HEX: Final = 12
_CORE: Final = "services.validator.core."
# All rules have these in common: with them every release would be another edition of every rule.
_SHARED: Final = frozenset({f"{_CORE}case", f"{_CORE}rule"})
_CONTRACTS: Final = frozenset({"contracts.identifiers", "contracts.pemilihan"})
_REFERENCE: Final = f"{_CORE}reference"
_BEHIND_CASE: Final = {
    "born": f"{_CORE}nik",
    "keys": "contracts.personal",
    "kontes": "contracts.pemilihan",
    "nik": f"{_CORE}nik",
    "pribadi": "contracts.personal",
    "reference": _REFERENCE,
    "register": f"{_CORE}register",
}
"""What the case has looked up for a rule, by its name there: the code that decides about it."""
_WORDS: Final = frozenset({"source", "judul", "title", "pesan", "message"})
"""What the catalogue and a finding say about a rule: a better wording finds nothing else."""


def editions_of(
    rules: Iterable[Rule], structure: Iterable[Rule], reference: Reference, tiers: Tiers
) -> dict[str, bytes]:
    """Return what to publish under each key: the same bytes wherever the same is judged with.

    ``structure`` are the entries for what is found before any rule is asked: of them only the tier is told.
    """
    parts = {entry.code: _digest(_tiers_of(entry.code, reference, tiers)) for entry in structure}
    parts |= {rule.code: _of_rule(rule, reference, tiers) for rule in rules}
    whole = _digest(*(f"{code}={parts[code]}" for code in sorted(parts)))
    parts |= dict.fromkeys(EVERY_RULE, whole)
    lists = {f"{kontes}/{wilayah}": _digest(*sorted(options)) for (kontes, wilayah), options in reference.calon.items()}
    return {ATURAN: _written(parts), CALON: _written(lists)}


def version_of(editions: Mapping[str, bytes]) -> str:
    """Return one short name for all of them, to tell instances that judge alike from others."""
    return sha256(b"\n".join(editions[key] for key in sorted(editions))).hexdigest()[:_DIGEST_HEX]


def _written(parts: Mapping[str, str]) -> bytes:
    return Edition(parts=dict(sorted(parts.items()))).model_dump_json().encode()


def _of_rule(rule: Rule, reference: Reference, tiers: Tiers) -> str:
    modules = _modules_behind(rule.ask.__module__)
    named = frozenset[str]().union(*(_read(module)[1] for module in modules))
    looked_up = [
        f"{field.name}={_text(getattr(reference, field.name))}"
        for field in fields(reference)
        # Lists of candidates are told one by one.
        if field.name != "calon" and field.name in named
    ]
    codes = (_digest(_read(module)[0]) for module in modules)
    return _digest(_tiers_of(rule.code, reference, tiers), *codes, *looked_up)


def _tiers_of(code: str, reference: Reference, tiers: Tiers) -> str:
    # Voters are judged for the one election of this province, forms each for its own.
    judged_for = (reference.pemilihan.kode, *sorted(PEMILIHAN))
    return ",".join(tiers.of(code, pemilihan) for pemilihan in judged_for)


def _modules_behind(name: str) -> list[str]:
    """Return a module and what decides behind it, imported or looked up by the case, each once, in order of name."""
    found: set[str] = set()
    ahead = [name]
    while ahead:
        module = ahead.pop()
        if module not in found:
            found.add(module)
            # The reference data only hands over what was read: its code, and not what it has its types from.
            ahead += () if module == _REFERENCE else _read(module)[2]
    return sorted(found)


@cache
def _read(module: str) -> tuple[str, frozenset[str], tuple[str, ...]]:
    """Return the code of a module without words for people, the reference data it names, and what decides behind it."""
    tree = ast.parse(inspect.getsource(import_module(module)))
    imported: set[str] = set()
    looked_up: set[str] = set()
    asked: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            match node.value:
                case ast.Name(id="case") if node.attr in _BEHIND_CASE:
                    asked.add(_BEHIND_CASE[node.attr])
                case ast.Attribute(attr="reference") | ast.Name(id="reference"):
                    looked_up.add(node.attr)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            imported |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        _without_words(node)
    decides = {name for name in imported if _decides(name)} | asked
    return ast.dump(tree), frozenset(looked_up), tuple(sorted(decides))


def _decides(name: str) -> bool:
    if name in _CONTRACTS:
        return True
    if not name.startswith(_CORE) or name in _SHARED:
        return False
    # `from core.figures import sum_of` names a module and something in it.
    return "." not in name.removeprefix(_CORE)


def _without_words(node: ast.AST) -> None:
    """Take out texts that stand alone in a block, for they document it, and the words in the decorator of a rule."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "rule":
        node.keywords = [word for word in node.keywords if word.arg not in _WORDS]
    body = getattr(node, "body", None)
    if isinstance(body, list):
        node.body = [  # type: ignore[attr-defined]  # whatever has one
            line for line in body if not (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
        ]


def _text(value: object) -> str:
    return ",".join(sorted(value)) if isinstance(value, frozenset) else repr(value)


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:_DIGEST_HEX]
