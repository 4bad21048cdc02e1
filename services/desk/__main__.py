"""Starts the desk: ``satupeta``, or ``python -m services.desk``."""

from __future__ import annotations

import os
import sys

from services.desk.app import run


def main() -> int:
    """Run the command line of this process."""
    return int(run(sys.argv[1:], os.environ))


if __name__ == "__main__":
    sys.exit(main())
