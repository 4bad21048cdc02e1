"""The province on one machine: starts everything, feeds it, shows it filling up and says whether it came out right."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from deploy.demo import checks, sirekap
from deploy.demo.evening import VOTERS_DEFAULT, Evening
from deploy.demo.feed import FeedError
from deploy.demo.plan import Plan
from deploy.demo.position import OtherPlanError, Position
from deploy.demo.progress import Progress
from deploy.demo.show import Show
from deploy.embedded.errors import EmbeddedServerError
from deploy.embedded.province import EmbeddedProvince
from deploy.keys import KeysError

_STATE: Final = "fed.json"
_ROOT: Final = Path(__file__).resolve().parents[2]
_DATA: Final = _ROOT / ".satupeta"
_PACE_SECONDS: Final = 180.0
_PACE_SECONDS_MAX: Final = 86_400
_LOOK_SECONDS: Final = 1.0


class _AskedToStopError(Exception):
    """Somebody wants the demo to end while it is still starting."""


def arguments() -> argparse.ArgumentParser:
    """Return what can be asked of the demo."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.demo", description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--folder", type=Path, help="folder of the data (default: one under .satupeta for each feed)")
    parser.add_argument("--data", type=Path, help="feed the Sirekap files under this folder instead of an evening")
    parser.add_argument("--province", help="with --data: Kemendagri code, when the files are of several provinces")
    parser.add_argument("--pace", type=_pace, default=_PACE_SECONDS, help="seconds the evening takes; 0: no waiting")
    parser.add_argument(
        "--voters", type=_voters, default=VOTERS_DEFAULT, help="voters of the evening, all offices together"
    )
    parser.add_argument("--scale", type=_share, default=1.0, help="share of the TPS that take part in the evening")
    parser.add_argument("--once", action="store_true", help="end when everything is fed and compared")
    return parser


def _pace(text: str) -> float:
    pace = float(text)
    if not 0 <= pace <= _PACE_SECONDS_MAX:
        message = f"seen: {text}; expected: seconds from 0 to {_PACE_SECONDS_MAX:,}"
        raise argparse.ArgumentTypeError(message)
    return pace


def _voters(text: str) -> int:
    voters = int(text)
    if voters < 0:
        message = f"seen: {text}; expected: 0 or more"
        raise argparse.ArgumentTypeError(message)
    return voters


def _share(text: str) -> float:
    share = float(text)
    if not 0 < share <= 1:
        message = f"seen: {text}; expected: more than 0, at most 1"
        raise argparse.ArgumentTypeError(message)
    return share


def main() -> int:
    """Run until the end or until asked to stop; the exit code says whether everything came out right."""
    given = arguments().parse_args()
    progress = Progress()
    try:
        evening, files = None, None
        if given.data is None:
            evening = Evening(share=given.scale, voters=given.voters)
            name = evening.name
        else:
            files = sirekap.plan(given.data, given.province)
            name = files.name
        folder = given.folder or _DATA / ("demo" if files is None else f"files-{files.province}")
        # What cannot go on is said before anything is started.
        Position(folder / _STATE, name)
        province = EmbeddedProvince(folder, province="32" if files is None else files.province)
        return asyncio.run(_run(province, evening, files, progress, pace=given.pace, once=given.once))
    except (EmbeddedServerError, KeysError, FeedError, OtherPlanError, sirekap.NoPlanError) as error:
        progress.say(f"demo: {error}")
        return 1


async def _run(  # noqa: PLR0913  # what runs, what it is fed, and how
    province: EmbeddedProvince,
    evening: Evening | None,
    files: sirekap.SirekapPlan | None,
    progress: Progress,
    *,
    pace: float,
    once: bool,
) -> int:
    asked = _asked_to_stop()
    async with _started(province, progress, asked):
        if asked.is_set():
            return 0
        progress.say(f"gateway: {province.gateway_url}/v1/status  (documentation: {province.gateway_url}/docs)")
        progress.say(f"addresses and keys of all offices: {province.folder / 'addresses'}")
        desks = province.desks
        plan: Plan
        if evening is not None:
            plan, check = evening, checks.of_evening(evening)
        else:
            assert files is not None, "without an evening there are files"
            plan, check = files, checks.of_files(files, desks, progress)
        show = Show(plan, desks, province.gateway_url, province.folder / _STATE, check=check, progress=progress)
        showing = asyncio.create_task(show.run(pace, stay=not once))
        keeping = asyncio.create_task(_keep(province, progress))
        stopping = asyncio.create_task(asked.wait())
        done, _ = await asyncio.wait({showing, keeping, stopping}, return_when=asyncio.FIRST_COMPLETED)
        for task in (showing, keeping, stopping):
            if not task.done():
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        if keeping in done:
            await keeping
        return 0 if showing not in done or showing.result() else 1


@asynccontextmanager
async def _started(province: EmbeddedProvince, progress: Progress, asked: asyncio.Event) -> AsyncIterator[None]:
    """Start ``province``, unless ``asked`` to stop meanwhile, and stop it in order, whatever happens in between."""

    def say(text: str) -> None:
        if asked.is_set():
            raise _AskedToStopError
        progress.say(text)

    try:
        try:
            await asyncio.to_thread(province.start, say)
        except (_AskedToStopError, EmbeddedServerError):
            # What was just being started may have been reached by the same Ctrl-C; every step can be taken again.
            if not asked.is_set():
                raise
        yield
    finally:
        progress.say("stopping everything; data stay")
        await asyncio.to_thread(province.stop)


async def _keep(province: EmbeddedProvince, progress: Progress) -> None:
    """Start again what ends by itself or is killed, as an orchestrator would."""
    while True:
        for name in await asyncio.to_thread(province.restore):
            progress.say(f"{name} had ended and was started again")
        await asyncio.sleep(_LOOK_SECONDS)


def _asked_to_stop() -> asyncio.Event:
    asked = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, asked.set)
    return asked


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        # Before anything has been started.
        sys.exit(130)
