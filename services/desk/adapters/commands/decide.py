"""satupeta decide: tells the province what a person decided about held records or about contradictions between records.

A decision is pushed through the office's own ingest like any change, so that giving the command twice, or once more
after an answer that was lost, states it once.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from contracts.identifiers import Lane, Tingkat
from services.desk.adapters.commands.held import voters_held
from services.desk.adapters.commands.push import answered, show_refused
from services.desk.adapters.paging import rows_of
from services.desk.adapters.workplace import Workplace
from services.desk.core.decision import PUTUSAN, Target, Why, case_id_of, lane_of_case, sasaran_in, statement_of
from services.desk.core.ending import Ending
from services.desk.core.misuse import MisuseError
from services.desk.core.portion import portions
from services.desk.core.tally import Tally, nothing_yet, with_answer
from services.desk.core.way import MEDIA_TYPE_OF, Way

_PROBLEMS_SHOWN: Final = 20
_RECEIPTS_KEPT: Final = 1_000
"""Receipts that an answer to machines lists."""


def run(place: Workplace, given: argparse.Namespace) -> Ending:
    """Decide about what is named, or about all that stands held or open for one cause."""
    putusan = PUTUSAN[given.verdict]
    if bool(given.targets) == (given.all is not None) or (given.all is not None and given.code is None):
        raise MisuseError(text="decide-which")
    decider = place.decider()
    if putusan == "dilepas" and len(decider) != Tingkat.PROVINSI:
        # The province would refuse it (AUT-DECISION); she should not have to wait for that to learn it.
        raise MisuseError(text="decide-province-only", office=decider)
    about_cases = putusan == "selesai"
    found = _named(place, given, decider, about_cases) if given.targets else _group(place, given, decider, about_cases)
    if given.all is not None and len(found) > given.all:
        raise MisuseError(text="decide-other-count", found=len(found), told=given.all)
    if not found:
        place.screen.say(place.speech("decide-nothing"), "green")
        place.screen.answer({"putusan": putusan, "accepted": 0, "repeated": 0, "refused": 0, "receipts": []})
        return Ending.DONE
    why = _why(place, given)
    tally, receipts = _push(place, [statement_of(target, putusan, why) for target in found])
    counted = {name: tally[name] for name in ("accepted", "repeated", "refused")}
    place.screen.say(place.speech("decide-result", **counted), "amber" if tally["refused"] else "green")
    if tally["refused"]:
        show_refused(place, tally, _PROBLEMS_SHOWN)
    if receipts:
        place.screen.say(place.speech("decide-follow", id=receipts[-1]["id"]))
    listed = receipts[:_RECEIPTS_KEPT]
    place.screen.answer({"putusan": putusan, **counted, "receipts": listed, "errors": tally["errors"]})
    if not tally["refused"]:
        return Ending.DONE
    return Ending.INCOMPLETE if tally["accepted"] or tally["repeated"] else Ending.REFUSED


def _named(place: Workplace, given: argparse.Namespace, decider: str, about_cases: bool) -> list[Target]:  # noqa: FBT001
    named = []
    for written in given.targets:
        sasaran = sasaran_in(written)
        if sasaran is None:
            raise MisuseError(text="target-invalid", seen=written[:40])
        named.append(sasaran)
    if about_cases:
        cases = [place.gateway.get(f"/v1/perkara/{case_id_of(sasaran)}")["case"] for sasaran in named]
        return list(_of_cases(place, cases, decider))
    return list(_of_versions(place, given, list(dict.fromkeys(named)), decider))


def _group(place: Workplace, given: argparse.Namespace, decider: str, about_cases: bool) -> list[Target]:  # noqa: FBT001
    owner = place.whose(given.owner)
    if about_cases:
        cases = rows_of(place.gateway, "/v1/perkara", "cases", code=given.code, office=owner, state="open")
        return list(_of_cases(place, cases, decider))
    targets = []
    if given.lane != "pemilih":
        held = rows_of(place.gateway, "/v1/held", "held", code=given.code, office=owner)
        targets += [Target("versi", record["office"], "hasil", record["digest"]) for record in held]
    if given.lane != "hasil" and owner == decider:
        held = voters_held(place, owner, given.code)
        return targets + [Target("versi", owner, "pemilih", voter["digest"]) for voter in held]
    asked = {"code": given.code, "office": owner, "lane": "pemilih"}
    voters = sum(group["records"] for group in place.gateway.get("/v1/held", group=True, **asked)["groups"])
    if voters:
        place.screen.remark("decide-voters", voters=voters, code=given.code)
    return targets


def _of_cases(place: Workplace, cases: Iterable[dict[str, Any]], decider: str) -> Iterator[Target]:
    for case in cases:
        if case["state"] == "closed":
            place.screen.remark("case-is-closed", id=case["id"])
            continue
        if decider in case["offices"]:
            concerned = decider
        elif len(decider) == Tingkat.PROVINSI:
            concerned = case["offices"][0]
        else:
            raise MisuseError(text="case-foreign", id=case["id"], office=decider)
        yield Target("perkara", concerned, lane_of_case(case["code"]), case["id"].replace("-", ""))


def _of_versions(place: Workplace, given: argparse.Namespace, named: Sequence[str], decider: str) -> Iterator[Target]:
    """Yield the versions with the digests ``named``, each with the office that owns it.

    What is not on the desk may have been released a moment ago by this very command, may be a voter, or may come
    yet: a decision holds for a version in whatever order the two arrive (decision 0013).
    """
    owner = place.whose(given.owner)
    lane: Lane = given.lane or "hasil"
    missing = set(named)
    if lane == "hasil":
        for record in rows_of(place.gateway, "/v1/held", "held", office=owner):
            if record["digest"] in missing:
                missing.discard(record["digest"])
                yield Target("versi", record["office"], "hasil", record["digest"])
            if not missing:
                return
    if missing and owner is None:
        raise MisuseError(text="decide-owner", digest=min(missing))
    for digest in named:
        if digest in missing:
            if lane == "hasil":
                place.screen.remark("target-not-held", digest=digest)
            yield Target("versi", owner or decider, lane, digest)


def _why(place: Workplace, given: argparse.Namespace) -> Why:
    reason = given.reason or place.screen.ask("ask-reason")
    role = given.role or place.screen.ask("ask-role")
    if not reason or not role:
        raise MisuseError(text="decide-unexplained")
    return Why(reason, given.document, role)


def _push(place: Workplace, statements: Sequence[bytes]) -> tuple[Tally, list[dict[str, Any]]]:
    tally, receipts, sent = nothing_yet(), list[dict[str, Any]](), 0
    headers = {"Content-Type": MEDIA_TYPE_OF[Way.LINES]}
    with place.screen.progress(place.speech("bar-deciding")) as bar:
        for portion in portions(statements):
            answer = answered(partial(place.ingest.post, "/v1/changes", portion.body, headers=headers))
            receipts += answer.get("receipts", [])
            repeated = sum(receipt["repeated"] for receipt in answer.get("receipts", []))
            tally = with_answer(tally, {**answer, "repeated": repeated}, portion.lines)
            sent += len(portion.lines)
            bar.show(sent / len(statements), place.speech("bar-changes", changes=sent))
    return tally, receipts
