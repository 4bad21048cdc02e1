"""How fast the validator judges on one core, with all rules on and with none: no Kafka, no database, one process.

Records are what ingest writes for demo voters and for forms as they were truly counted. Counted is time of the
processor, not of the clock, so that whatever else the machine does meanwhile weighs less.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Sequence
from typing import Final

import orjson

from bench.report import Figure, median, table
from contracts.batch import BatchHeader, headers_of
from contracts.identifiers import LANES, Lane, tps_subject
from contracts.pemilihan import PEMILIHAN
from contracts.personal import PersonalKeys
from contracts.reference.calon import semua_calon
from contracts.reference.wilayah import semua_provinsi, wilayah_of
from deploy.demo.evening import Evening
from deploy.demo.voters import bodies
from services.ingest.core.batches import pieces_of
from services.ingest.core.stamp import Numbering, stamp
from services.ingest.core.statement import Reader
from services.validator.core.hearing import Desk, Hearing, opened
from services.validator.core.judge import Bench, bench_of
from services.validator.core.reference import reference_of
from services.validator.core.register import Register
from services.validator.core.rule import Rule
from services.validator.core.rules import all_rules

_PROVINCE: Final = "32"
_PEMILIHAN: Final = "pilkada-2024"
_VOTERS_ASKED: Final = 60_000
_FORMS_ASKED: Final = 40_000
_ROUNDS: Final = 5
_RECORDED: Final = "2024-11-27T13:30:00.000Z"
_KEYS: Final = PersonalKeys(key_id="bench", seal_key=bytes(range(32)), token_key=bytes(range(32, 64)))

_Record = tuple[Desk, dict[str, bytes], bytes]


def measure(*, voters: int = 54_000, forms: int = 27_000, rounds: int = _ROUNDS) -> list[Figure]:
    """Judge distinct voters and forms with all rules and with none, by turns; return what was seen."""
    register = Register()
    of_voters, of_forms = _voters(voters), _forms(forms, register)
    figures = []
    for name, records, asked in (
        ("voter changes", of_voters, _VOTERS_ASKED),
        ("C.Hasil", of_forms, _FORMS_ASKED),
    ):
        by_rules: dict[bool, list[float]] = {True: [], False: []}
        for _ in range(rounds):
            for ruled, rates in by_rules.items():
                rates.append(_per_second(records, _bench(all_rules() if ruled else (), register)))
        with_all, bare = median(by_rules[True]), median(by_rules[False])
        spread = f"{min(by_rules[True]):,.0f} to {max(by_rules[True]):,.0f}"
        figures += [
            Figure(
                f"judging {name}, all rules, one core",
                f"{with_all:,.0f}/s = {with_all / bare:.2f} of no rules",
                f"{asked:,}/s",
                with_all >= asked,
                f"median of {rounds}, {spread}; processor time, everything accepted",
            ),
            Figure(f"judging {name}, structure and digest alone", f"{bare:,.0f}/s", "", None, "the limit of the rules"),
        ]
    return figures


def _bench(rules: Sequence[Rule], register: Register) -> Bench:
    reference = reference_of(wilayah_of(_PROVINCE), semua_provinsi(), semua_calon(), PEMILIHAN[_PEMILIHAN])
    return bench_of(rules, reference, register, _KEYS)


def _per_second(records: Sequence[_Record], bench: Bench) -> float:
    """Return how many changes are judged in a second of the processor, each record as the validator hears it."""
    judged = 0
    # As in the service, which collects rarely; a collection of what the benchmark itself holds is no judging.
    gc.collect()
    gc.freeze()
    started = time.process_time()
    for desk, headers, value in records:
        hearing = opened(headers, value, desk, "bench:0:0")
        assert isinstance(hearing, Hearing), "ingest writes records that can be read"
        for _ in hearing.lines(bench):
            pass
        hearing.pieces()
        assert hearing.verdicts["accepted"] == len(hearing), "nothing is wrong with what was made"
        judged += len(hearing)
    seconds = time.process_time() - started
    gc.unfreeze()
    return judged / seconds


def _voters(voters: int) -> list[_Record]:
    lines: dict[str, list[bytes]] = {}
    for body in bodies(_PROVINCE, voters=voters, per_body=1_000, batch="judging"):
        lines.setdefault(body.office, []).extend(body.ndjson.splitlines())
    return _records(lines, "pemilih")


def _forms(forms: int, register: Register) -> list[_Record]:
    """Return the records of about ``forms`` forms; their TPS are noted as registered before."""
    evening = Evening(tps_per_office_max=-(-forms // (2 * len(wilayah_of(_PROVINCE).kabupaten))), voters=0)
    lines: dict[str, list[bytes]] = {}
    for office, count in evening.counts.items():
        for nth, tps in enumerate(count.register):
            register.note(tps_subject(_PEMILIHAN, tps.kode), 1, 1, registered=True)
            for kontes, kode in enumerate(("pkwkp-2024", "pkwkk-2024")):
                form = {**count.true_form(nth, kontes), "kontes": kode, "tps": tps.kode}
                said = {"specversion": "1.0", "type": "c_hasil.recorded.v1", "data": form}
                lines.setdefault(office, []).append(orjson.dumps(said))
    return _records(lines, "hasil", first=2)


def _records(lines: dict[str, list[bytes]], lane: Lane, *, first: int = 1) -> list[_Record]:
    """Return what ingest writes for the lines of each office."""
    records: list[_Record] = []
    for office, said in lines.items():
        reader = Reader(office, _KEYS)
        stamped = stamp(
            [reader.read(line, nth) for nth, line in enumerate(said)],
            office=office,
            recordedtime=_RECORDED,
            ledger={},
            ids={},
            numbering={one: Numbering(1, first - 1) for one in LANES},
        )
        for piece in pieces_of(stamped.stretches[lane].lines, epoch=1, first=first):
            header = BatchHeader(
                office=office,
                lane=lane,
                epoch=1,
                first=piece.first,
                last=piece.last,
                count=piece.last - piece.first + 1,
            )
            headers = {name: text.encode() for name, text in headers_of(header).items()}
            records.append((Desk(office, lane), headers, piece.lines))
    return records


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.judging", description=__doc__)
    parser.add_argument("--voters", type=int, default=54_000, help="voters to judge (default: %(default)s)")
    parser.add_argument("--forms", type=int, default=27_000, help="forms to judge (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="rounds of each (default: %(default)s)")
    given = parser.parse_args()
    sys.stdout.write(f"{table(measure(voters=given.voters, forms=given.forms, rounds=given.rounds))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
