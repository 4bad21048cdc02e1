"""The SQL obeys core/merge.py: any order, split and repetition of a history ends in the state the law says (I4)."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import orjson
import pytest

from contracts.batch import BatchHeader, LineFindings
from contracts.envelope import ClosedModel
from contracts.identifiers import Lane, parse_subject
from services.sync.adapters.examiner import Examiner
from services.sync.adapters.store import Arrived
from services.sync.core.merge import Stored, Version, fingerprint, judge, merge, version_number
from services.sync.core.records import Books, batch_of
from tests.builders import (
    OFFICE,
    TPS,
    a_c_hasil,
    a_d_hasil,
    a_finding,
    a_line,
    a_pemilih,
    a_pemilih_submission,
    a_rekap_pdpb,
    a_retraction,
    a_tps,
    subject_of,
)
from tests.integration.sync.store_of_one import FedStore, fed_store

NOUNS = ("tps", "c_hasil", "d_hasil", "rekap_pdpb", "pemilih")
TPS_CODES = (TPS, "3279011001002", "3279022001001")
_HELD_CONTENT = 3
_RETRACTION = 4


@dataclass(frozen=True)
class Said:
    """One statement of the office, with its place in the numbering."""

    books: Books
    sequence: int
    line: bytes
    subject: str
    version: Version

    @property
    def lane(self) -> Lane:
        return "pemilih" if self.books[1] == "pemilih" else "hasil"


def a_content(noun: str, nth: int, content: int) -> ClosedModel:
    """Return one of the contents that the ``nth`` record of its kind may have."""
    tps = TPS_CODES[nth]
    match noun:
        case "tps":
            return a_tps(tps, dpt_l=100 + content)
        case "c_hasil":
            votes = dict.fromkeys(("1000026", "1000027", "1000028", "1000029"), 100 - 30 * content)
            form = a_c_hasil(tps, perolehan_suara=votes)
            unread = dict.fromkeys(("perolehan_suara", "suara_sah", "suara_tidak_sah", "suara_total"))
            return form.model_copy(update=unread) if content == 0 else form
        case "d_hasil":
            return a_d_hasil(("327901", "327902", "3279")[nth], suara_tidak_sah=content)
        case "rekap_pdpb":
            return a_rekap_pdpb(("327901", "327902", "3279")[nth], baru=content)
        case _:
            desa = ("3279011001", "3279011002", "3279022001")[content % 3]
            # The same person in another desa has the same token.
            sent = a_pemilih_submission(1 + nth, desa=desa)
            return a_pemilih(sent, status="tms", tms="1") if content == 1 else a_pemilih(sent)


def a_history(chance: random.Random) -> list[Said]:
    """Return what one office said in two epochs: corrections, repetitions, forks, held forms, retractions."""
    numbers: Counter[Books] = Counter()
    history: list[Said] = []
    for _ in range(40):
        noun, nth, epoch = chance.choice(NOUNS), chance.randrange(3), chance.choice((1, 1, 1, 2))
        revision, content = chance.randint(1, 3), chance.randint(0, _RETRACTION)
        subject = subject_of(a_content(noun, nth, 0))
        lane: Lane = "pemilih" if noun == "pemilih" else "hasil"
        books = (OFFICE, lane, epoch)
        numbers[books] += 1
        about = a_retraction() if content == _RETRACTION else a_content(noun, nth, content)
        kind = f"{noun}.retracted.v1" if content == _RETRACTION else f"{noun}.recorded.v1"
        line = a_line(about, type=kind, subject=subject, epoch=epoch, revision=revision, sequence=numbers[books])
        version = Version(
            version_number(epoch, revision),
            orjson.loads(line)["digest"],
            held=content == _HELD_CONTENT,
            retracted=content == _RETRACTION,
        )
        history.append(Said(books, numbers[books], line, subject, version))
    return history


def arrivals(history: Iterable[Said], chance: random.Random) -> list[list[Said]]:
    """Cut each numbering into records at random, say some of them twice, cut otherwise, and shuffle them all."""
    by_books: dict[Books, list[Said]] = {}
    for said in history:
        by_books.setdefault(said.books, []).append(said)
    records: list[list[Said]] = []
    for of_books in by_books.values():
        for repeated in (False, True):
            rest = of_books
            while rest:
                size = chance.randint(1, 6)
                if not repeated or chance.random() < 0.5:
                    records.append(rest[:size])
                rest = rest[size:]
    chance.shuffle(records)
    return records


def the_record_of(said: list[Said], offset: int) -> Arrived:
    office, _, epoch = said[0].books
    lane = said[0].lane
    header = BatchHeader(
        office=office, lane=lane, epoch=epoch, first=said[0].sequence, last=said[-1].sequence, count=len(said)
    )
    held = [LineFindings(sequence=one.sequence, held=True, findings=[a_finding()]) for one in said if one.version.held]
    return Arrived(f"accepted-{lane}", 0, offset, batch_of(header, b"\n".join(one.line for one in said), held))


async def merged_in_transactions(sync: FedStore, records: list[list[Said]], chance: random.Random) -> list[Said]:
    """Merge ``records``, several to a transaction; return what was said in the order in which it was merged first."""
    offsets: Counter[Lane] = Counter()
    order: dict[tuple[Books, int], Said] = {}
    rest = records
    while rest:
        size = chance.randint(1, 4)
        for lane in ("hasil", "pemilih"):
            arrived: list[Arrived] = []
            for record in rest[:size]:
                if record[0].lane == lane:
                    arrived.append(the_record_of(record, offsets[lane]))
                    offsets[lane] += 1
                    for said in record:
                        order.setdefault((said.books, said.sequence), said)
            if arrived:
                await sync.merge(*arrived)
                if chance.random() < 0.3:
                    await Examiner(lambda: sync.pool).examine()
        rest = rest[size:]
    return list(order.values())


def state_hash(stored: dict[str, Stored], noun: str) -> str:
    """Return what the store's function of that name must say of ``stored``."""
    states: dict[str, str] = {}
    for subject, row in stored.items():
        parsed = parse_subject(subject)
        assert parsed is not None
        if parsed.noun != noun:
            continue
        record = str(UUID(parsed.key)) if noun == "pemilih" else f"{parsed.scope}/{parsed.key}"
        number, _, content = fingerprint(row).partition("/")
        states[record] = f"{number}/{content if content == 'conflict' else UUID(content)}"
    told = ",".join(f"{record}/{state}" for record, state in sorted(states.items()))
    return hashlib.md5(told.encode(), usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("arrangement", range(3))
@pytest.mark.parametrize("seed", range(4))
async def test_a_history_ends_in_the_state_the_law_says(store: str, seed: int, arrangement: int) -> None:
    history = a_history(random.Random(seed))  # noqa: S311  # a history to test with, not a secret
    chance = random.Random(f"{seed}/{arrangement}")  # noqa: S311  # likewise
    async with fed_store(store) as sync:
        order = await merged_in_transactions(sync, arrivals(history, chance), chance)
        assert len(order) == len(history)
        stored: dict[str, Stored] = {}
        outcomes: Counter[str] = Counter()
        for said in order:
            outcomes[judge(stored.get(said.subject), said.version).value] += 1
            stored[said.subject] = merge(stored.get(said.subject), said.version)
        # The law itself must not depend on the order in which this arrangement came.
        in_order: dict[str, Stored] = {}
        for said in history:
            in_order[said.subject] = merge(in_order.get(said.subject), said.version)
        assert {key: fingerprint(row) for key, row in stored.items()} == {
            key: fingerprint(row) for key, row in in_order.items()
        }
        for noun in NOUNS:
            assert await sync.value("SELECT state_hash($1, $2)", OFFICE, noun) == state_hash(in_order, noun), noun
        counted = await sync.rows(
            "SELECT sum(applied) AS applied, sum(duplicate) AS duplicate, sum(stale) AS stale, "
            "sum(conflict) AS conflict, sum(parked) AS parked, sum(held) AS held FROM neraca"
        )
        assert counted[0].pop("held") == sum(said.version.held for said in history)
        assert counted[0] == {"parked": 0, "applied": 0, "duplicate": 0, "stale": 0, "conflict": 0, **outcomes}
        expected = sum(
            100 - 30 * content
            for subject, row in in_order.items()
            if (content := _counted_content(subject, row, history)) is not None
        )
        # Whoever looked at what in between: the cases left are the contradictions there are (invariant_perkara).
        examiner = Examiner(lambda: sync.pool)
        while await examiner.examine() or await examiner.examine_events():
            pass
        assert await sync.value("SELECT count(*) FROM perkara WHERE state <> 'closed'") > 0
        seen = await sync.value("SELECT sum(suara) FROM rekap_suara WHERE wilayah = $1 AND calon = '1000026'", OFFICE)
        assert (seen or 0) == expected


def _counted_content(subject: str, row: Stored, history: list[Said]) -> int | None:
    """Return which content of a C.Hasil counts, ``None`` when none does."""
    if not subject.startswith("c_hasil/") or row.conflicted or row.version.held or row.version.retracted:
        return None
    said = next(one for one in history if one.subject == subject and one.version == row.version)
    votes = orjson.loads(said.line)["data"].get("perolehan_suara")
    return None if votes is None else (100 - int(votes["1000026"])) // 30
