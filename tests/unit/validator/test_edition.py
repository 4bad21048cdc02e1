"""Editions: a digest becomes another with what its part judges by, and all instances that judge alike say it once."""

from __future__ import annotations

import ast
import asyncio
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.pemilihan import PEMILIHAN
from contracts.remembered import ATURAN, CALON, Edition
from services.runtime.errors import TransientError
from services.runtime.outlet import Outgoing
from services.validator.adapters.announcer import Announcer
from services.validator.core import edition
from services.validator.core.edition import EVERY_RULE, editions_of, version_of
from services.validator.core.reference import Reference
from services.validator.core.rule import Rule
from services.validator.core.rules import all_rules
from services.validator.core.structure import STRUCTURE
from services.validator.core.tiers import STANDING, TIERS, Tiers, tiers_from
from tests.unit.validator.courtroom import a_reference

RULE = '''\
{head}
from contracts.events import CHasilV1
from services.validator.core.rule import Basis, FINE, rule

@rule(CHasilV1, code="RES-COMPLETE", basis=Basis.LOGIC, source={text!r}, judul={text!r}, title={text!r},
      pesan={text!r}, message={text!r})
def asked(hasil, case):
    """{words}"""
    return {answer}
'''


def parts(
    key: str, *, tiers: Tiers = STANDING, reference: Reference | None = None, rules: Sequence[Rule] | None = None
) -> dict[str, str]:
    asked = all_rules() if rules is None else rules
    editions = editions_of(asked, STRUCTURE.values(), reference or a_reference(), tiers)
    return Edition.model_validate_json(editions[key]).parts


def changed(one: dict[str, str], other: dict[str, str]) -> set[str]:
    return {name for name, _ in one.items() ^ other.items()}


def test_everything_that_can_be_found_has_a_part() -> None:
    assert parts(ATURAN).keys() == TIERS.keys()


def test_another_tier_is_another_edition_of_its_rule_alone() -> None:
    mine = tiers_from("code,tier,pemilihan\nKOR-BASE,flag,pemilu-2024\n")
    assert changed(parts(ATURAN), parts(ATURAN, tiers=mine)) == {"KOR-BASE", *EVERY_RULE}


def test_another_polling_day_changes_who_is_old_enough_and_no_arithmetic() -> None:
    found = changed(parts(ATURAN), parts(ATURAN, reference=replace(a_reference(), pemilihan=PEMILIHAN["pemilu-2024"])))
    assert {"VTR-AGE", "VTR-AGE-MAX"} <= found
    assert not {"VTR-NIK-REGION", "RES-COMPLETE"} & found


def test_another_desa_changes_the_rules_that_look_it_up_and_no_arithmetic() -> None:
    other = replace(a_reference(), wilayah=a_reference().wilayah | {"3279999999"})
    found = changed(parts(ATURAN), parts(ATURAN, reference=other)) - {*EVERY_RULE}
    assert found == {"PDPB-UNITS", "REF-WILAYAH", "RUP-CHILD-KNOWN"}


def test_rules_look_reference_data_up_where_their_edition_sees_it() -> None:
    names = {field.name for field in fields(Reference)} | {"options"}
    for rule in all_rules():
        for node in ast.walk(ast.parse(inspect.getsource(import_module(rule.ask.__module__)))):
            for part in ast.iter_child_nodes(node):
                if isinstance(part, ast.Attribute) and part.attr == "reference":
                    assert isinstance(node, ast.Attribute), f"{rule.code} hands the reference data on"
                    assert node.attr in names


def test_another_list_changes_itself_alone() -> None:
    lists = {**a_reference().calon, ("pkwkk-2024", "3279"): frozenset({"1"})}
    other = replace(a_reference(), calon=lists)
    assert changed(parts(CALON), parts(CALON, reference=other)) == {"pkwkk-2024/3279"}
    assert parts(ATURAN) == parts(ATURAN, reference=other)


def test_words_for_people_are_no_edition_and_code_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    written = {
        "edition_first": RULE.format(head="", text="", words="Ask.", answer="FINE"),
        "edition_words": RULE.format(head="# Why it is asked.", text="Periksa {seen}", words="Ask it.", answer="FINE"),
        "edition_code": RULE.format(head="", text="", words="Ask.", answer="FINE + ()"),
    }
    for name, text in written.items():
        (tmp_path / f"{name}.py").write_text(text, "utf-8")
    first, words, code = (parts(ATURAN, rules=[import_module(name).asked])["RES-COMPLETE"] for name in written)
    assert first == words != code


@pytest.fixture
def changed_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str, str], set[str]]:
    """Tell which rules become others when one place in the code of a module does."""
    as_written, first = inspect.getsource, parts(ATURAN)

    def found(module: str, old: str, new: str) -> set[str]:
        def source(about: ModuleType) -> str:
            text = as_written(about)
            if about.__name__ != module:
                return text
            assert text.count(old) == 1
            return text.replace(old, new)

        with monkeypatch.context() as changing:
            changing.setattr(inspect, "getsource", source)
            changing.setattr(edition, "_read", edition._read.__wrapped__)  # noqa: SLF001  # past what is remembered
            return changed(first, parts(ATURAN)) - {*EVERY_RULE}

    return found


CORE = "services.validator.core"
BEHIND_THE_CASE = (
    (f"{CORE}.nik", "_MONTHS_MAX: Final = 12", "_MONTHS_MAX: Final = 11", {"VTR-NIK-DATE-SHAPE", "VTR-NIK-SEX"}),
    (f"{CORE}.register", ">= position", "> position", {"RUP-FINAL-LOCK", "RES-TPS-KNOWN"}),
    (f"{CORE}.reference", "self.calon.get(", "dict.get(self.calon, ", {"REF-CALON-LIST", "RES-OPTION-SET"}),
    ("contracts.pemilihan", '("pkwkp", "pkwkk")', '("pkwkp",)', {"REF-CALON-LIST", "RES-OPTION-SET", "RES-TPS-KNOWN"}),
    ("contracts.personal", "return self._nik", 'return "" + self._nik', {"PRI-OPEN", "PRI-TOKEN"}),
)


@pytest.mark.parametrize(("module", "old", "new", "rules"), BEHIND_THE_CASE)
def test_what_a_rule_asks_the_case_is_mended_with_the_code_that_finds_it(
    changed_by: Callable[[str, str, str], set[str]], module: str, old: str, new: str, rules: set[str]
) -> None:
    found = changed_by(module, old, new)
    assert rules <= found
    assert "KOR-BASE" not in found, "it asks for nothing but what stands on the form"
    assert ("REF-WILAYAH" in found) is (module == f"{CORE}.reference"), "what it looks up has no elections in it"


def test_rules_call_the_case_by_the_name_that_its_edition_looks_for() -> None:
    names = {tuple(inspect.signature(rule.ask).parameters)[1] for rule in all_rules()}
    assert names <= {"case", "_", "_case"}


def test_instances_that_judge_alike_have_one_name_whatever_their_order() -> None:
    editions = editions_of(all_rules(), STRUCTURE.values(), a_reference(), STANDING)
    again = editions_of(reversed(all_rules()), STRUCTURE.values(), a_reference(), STANDING)
    assert editions == again
    assert version_of(editions) == version_of(dict(reversed(again.items())))
    assert version_of(editions) != version_of({**editions, CALON: b"{}"})


@dataclass
class Instances:
    """Validators of two versions that come and go, and the topic between them."""

    topic: dict[str, bytes] = field(default_factory=dict)
    members: list[str] = field(default_factory=list)
    written: int = 0

    def announcer(self, name: str) -> Announcer:
        return Announcer(
            {ATURAN: name.encode()},
            name,
            published=self.topic,
            is_settled=lambda: True,
            colleagues=self._colleagues,
            write=self._write,
        )

    async def look(self, name: str) -> None:
        await self.announcer(name).look()

    async def _colleagues(self) -> frozenset[str]:
        return frozenset(self.members)

    async def _write(self, records: Sequence[Outgoing]) -> None:
        self.written += len(records)
        self.topic.update({record.key: record.value for record in records})


NAMES = st.sampled_from(("lama", "baru"))


@given(st.lists(st.tuples(st.sampled_from(("joins", "leaves", "looks")), NAMES), max_size=40))
async def test_two_versions_side_by_side_say_nothing_and_the_last_one_speaks_once(steps: list[tuple[str, str]]) -> None:
    running = Instances()
    for step, name in steps:
        before, mixed = dict(running.topic), len(set(running.members)) > 1
        match step:
            case "joins":
                running.members.append(name)
            case "leaves" if name in running.members:
                running.members.remove(name)
            case "looks":
                await running.look(name)
                if mixed or name not in running.members:
                    assert running.topic == before
    for name in running.members:
        await running.look(name)
    settled = running.written
    for name in running.members:
        await running.look(name)
    assert running.written == settled, "what the topic holds is not said again"
    if len(set(running.members)) == 1:
        assert running.topic == {ATURAN: running.members[0].encode()}


async def test_an_odd_answer_ends_no_announcing_and_cancelling_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.validator.adapters.announcer._PAUSE_SECONDS", 0.0)
    monkeypatch.setattr("services.validator.adapters.announcer._LOOK_SECONDS", 0.0)
    answers = iter((IndexError("no members"), TransientError("away")))
    said = asyncio.Event()

    async def colleagues() -> frozenset[str]:
        for odd in answers:
            raise odd
        return frozenset({"baru"})

    async def write(_: Sequence[Outgoing]) -> None:
        said.set()

    announcer = Announcer(
        {ATURAN: b"baru"}, "baru", published={}, is_settled=lambda: True, colleagues=colleagues, write=write
    )
    running = asyncio.create_task(announcer.run())
    async with asyncio.timeout(5):
        await said.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_an_old_member_that_never_leaves_is_named_at_a_measured_pace(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = 0.0
    monkeypatch.setattr("services.validator.adapters.announcer.monotonic", lambda: now)
    running = Instances(members=["lama", "baru"])
    announcer = running.announcer("baru")
    for now in range(0, 3600, 2):  # noqa: B007  # the clock reads it
        assert not await announcer.look()
    warnings = [record for record in caplog.records if record.levelname == "WARNING"]
    assert [record.__dict__["others"] for record in warnings] == [["lama"]] * 5
    running.members.remove("lama")
    assert await announcer.look()
    running.members.append("lama")
    running.topic.clear()
    now += 3600
    assert not await announcer.look()
    assert len(caplog.records) == len(warnings), "an update that begins is no delay"
