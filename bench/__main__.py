"""Measures the pipeline beside the limits of the machine it runs on, and writes the table of results."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench import files, ganda, judging, pipeline, report, snapshots, sync_alone

_RESULTS = Path(__file__).resolve().parent / "RESULTS.md"


def main() -> int:
    """Run every benchmark; the exit code says that they ran, not that each figure was reached."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--changes", type=int, default=400_000, help="accepted changes that wait for sync alone")
    parser.add_argument("--voters", type=int, default=800_000, help="voters pushed through the whole pipeline")
    parser.add_argument("--probes", type=int, default=300, help="results timed at 1,000 changes a second")
    parser.add_argument("--file-rows", type=int, default=4_000_000, help="voters in the file that ingest reads")
    parser.add_argument("--list-rows", type=int, default=400_000, help="voters in the lists that ingest compares")
    parser.add_argument("--results", type=Path, default=_RESULTS, help="file to write (default: %(default)s)")
    given = parser.parse_args()
    sys.stderr.write("judging alone ...\n")
    figures = judging.measure()
    sys.stderr.write(f"sync alone with {given.changes:,} changes ...\n")
    figures += sync_alone.measure(changes=given.changes)
    sys.stderr.write("sync with and without the examiner beside it ...\n")
    figures += ganda.measure()
    sys.stderr.write(f"the whole pipeline with {given.voters:,} voters ...\n")
    figures += pipeline.measure(voters=given.voters, probes=given.probes)
    sys.stderr.write(f"a file of {given.file_rows:,} voters ...\n")
    figures += files.measure(rows=given.file_rows)
    sys.stderr.write(f"lists of {given.list_rows:,} voters, compared and emitted ...\n")
    figures += snapshots.measure(rows=given.list_rows)
    report.write(given.results, figures)
    sys.stdout.write(f"{report.table(figures)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
