"""Writes the generated files beside the models they are generated from."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from contracts.schemas import COMMAND, documents


def main() -> int:
    """Write what has changed and remove what is generated no more; say which files those were."""
    argparse.ArgumentParser(prog=COMMAND, description=__doc__).parse_args()
    folder = Path(__file__).parent.parent
    wanted = documents()
    changed = [path for path, text in wanted.items() if not _stands(folder / path, text)]
    for path in changed:
        (folder / path).write_bytes(wanted[path])
    gone = [file for file in sorted((folder / "schemas").glob("*.json")) if f"schemas/{file.name}" not in wanted]
    for file in gone:
        file.unlink()
    for path in (*changed, *(f"schemas/{file.name} (removed)" for file in gone)):
        sys.stdout.write(f"contracts/{path}\n")
    sys.stdout.write(f"{len(changed)} written, {len(gone)} removed, {len(wanted) - len(changed)} as they were\n")
    return 0


def _stands(file: Path, text: bytes) -> bool:
    return file.exists() and file.read_bytes() == text


if __name__ == "__main__":
    sys.exit(main())
