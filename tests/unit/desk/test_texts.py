"""What the desk says is complete in both languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter
from typing import Final

import pytest

import services.desk
from contracts.identifiers import LANES
from services.desk.core.speech import Speech
from services.desk.core.texts import TEXTS

_DESK: Final = Path(services.desk.__file__).parent
_KEY: Final = re.compile(r"[a-z]+(-[a-z]+)*")


def said_in_code() -> tuple[set[str], list[re.Pattern[str]]]:
    """Return every text that stands in the desk's code by itself, and the shape of those that are put together."""
    whole: set[str] = set()
    shapes: list[re.Pattern[str]] = []
    for path in _DESK.rglob("*.py"):
        if path.name == "texts.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                begun = str(getattr(node.values[0], "value", ""))
                if re.fullmatch(r"[a-z]+(-[a-z]+)*-", begun):
                    shapes.append(re.compile(re.escape(begun) + r"[a-z-]+"))
    return whole, shapes


def test_every_text_is_said_somewhere() -> None:
    whole, shapes = said_in_code()
    silent = [key for key in TEXTS if key not in whole and not any(shape.fullmatch(key) for shape in shapes)]
    assert not silent


def test_every_text_that_is_said_exists() -> None:
    missing = []
    for path in _DESK.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            keys = [word.value for word in node.keywords if word.arg == "text"]
            if name in {"speech", "_speech", "remark", "ask"}:
                keys += node.args[:1]
            missing += [
                f"{path.name}: {key.value}"
                for key in keys
                if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value not in TEXTS
            ]
    assert not missing


@pytest.mark.parametrize("key", TEXTS)
def test_a_text_says_the_same_in_both_languages(key: str) -> None:
    text = TEXTS[key]
    assert _KEY.fullmatch(key)
    assert text.bahasa.strip()
    assert text.english.strip()
    blanks = [
        {name for _, name, _, _ in Formatter().parse(said) if name is not None} for said in (text.bahasa, text.english)
    ]
    assert blanks[0] == blanks[1]


def test_every_lane_and_state_has_a_word() -> None:
    assert {f"lane-{lane}" for lane in LANES} <= TEXTS.keys()


def test_figures_in_a_text_are_written_as_its_reader_writes_them() -> None:
    given = {"path": "a.ndjson", "accepted": 1_204, "repeated": 0, "refused": 3}
    assert Speech("id")("push-result", **given).startswith("a.ndjson: 1.204 perubahan diterima")
    assert Speech("en")("push-result", **given).startswith("a.ndjson: 1,204 changes taken")
    assert Speech("en")("push-result", **given | {"accepted": 1}).startswith("a.ndjson: 1 change taken")


def test_no_text_puts_a_plural_behind_a_number_that_may_be_one() -> None:
    plurals = re.compile(r"\{[a-z]+\} (?:cases|changes|files|problems|records|rows|voters|are|were|have)\b(?!/)")
    assert [key for key, text in TEXTS.items() if plurals.search(text.english)] == []


def test_an_answer_is_read_in_the_readers_language_where_it_has_both() -> None:
    problem = {"judul": "Kiriman kosong", "title": "The body is empty"}
    assert Speech("id").of(problem, "judul", "title") == "Kiriman kosong"
    assert Speech("en").of(problem, "judul", "title") == "The body is empty"
    assert Speech("en").of({"judul": "Kiriman kosong"}, "judul", "title") == "Kiriman kosong"
