"""The rules, one file each: a file that is put here is asked, and needs a row in ``core/tiers.py``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from services.validator.core.rule import Rule


def all_rules() -> tuple[Rule, ...]:
    """Return every rule, in order of code."""
    return tuple(sorted(_rules(), key=lambda rule: rule.code))


def _rules() -> Iterator[Rule]:
    for module in pkgutil.iter_modules(__path__):
        for value in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, Rule):
                yield value
