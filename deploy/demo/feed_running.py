"""Feeds an evening to a pipeline that runs already, such as one in containers, and says whether it came out right."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from deploy.demo import checks
from deploy.demo.evening import VOTERS_DEFAULT, Evening
from deploy.demo.feed import FeedError
from deploy.demo.position import OtherPlanError
from deploy.demo.progress import Progress
from deploy.demo.show import Show
from deploy.desk import Desk


def main() -> int:
    """Feed until the end; the exit code says whether everything came out right."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.demo.feed_running",
        description=__doc__,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--ingest-url", required=True, help="base address of the ingest of all offices")
    parser.add_argument("--gateway-url", required=True, help="base address of the gateway")
    parser.add_argument(
        "--api-keys",
        type=Path,
        required=True,
        help="folder with <office>.key for each office",
    )
    parser.add_argument("--state", type=Path, required=True, help="folder that remembers how far the feeding has come")
    parser.add_argument("--pace", type=float, default=180.0, help="seconds the evening takes; 0: no waiting")
    parser.add_argument("--voters", type=int, default=VOTERS_DEFAULT, help="voters, all offices together")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the TPS that take part")
    given = parser.parse_args()
    progress = Progress()
    evening = Evening(share=given.scale, voters=given.voters)
    desks = {office: Desk(given.ingest_url.rstrip("/"), key) for office, key in _keys(given.api_keys).items()}

    async def run() -> bool:
        show = Show(
            evening,
            desks,
            given.gateway_url,
            given.state / "fed.json",
            check=checks.of_evening(evening),
            progress=progress,
        )
        return await show.run(given.pace, stay=False)

    try:
        return 0 if asyncio.run(run()) else 1
    except (FeedError, OtherPlanError) as error:
        progress.say(f"demo: {error}")
        return 1


def _keys(folder: Path) -> dict[str, str]:
    return {file.stem: file.read_text("ascii").strip() for file in folder.glob("*.key")}


if __name__ == "__main__":
    sys.exit(main())
