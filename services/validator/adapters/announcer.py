"""Announces what the validators judge with, once all of them judge with the same (decision 0017)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from contracts.topics import REFERENCE
from services.runtime.clock import monotonic
from services.runtime.errors import TransientError
from services.runtime.outlet import Outgoing

_LOOK_SECONDS: Final = 2.0
"""Between two questions who judges, while the topic holds something else; an update goes on for minutes."""

_PATIENCE_SECONDS: Final = 600.0
"""After which an update has gone on for too long: what is held waits for it, and a person is told, each time anew."""

_PAUSE_SECONDS: Final = 30.0
"""After an answer that nobody foresaw: it will hardly be another in a moment, and each has its traceback logged."""

_log = logging.getLogger(__name__)


class Announcer:
    """Speaks for all instances of one version."""

    def __init__(  # noqa: PLR0913  # whoever speaks has to hear as well
        self,
        editions: Mapping[str, bytes],
        name: str,
        *,
        published: Mapping[str, bytes],
        is_settled: Callable[[], bool],
        colleagues: Callable[[], Awaitable[frozenset[str]]],
        write: Callable[[Sequence[Outgoing]], Awaitable[None]],
    ) -> None:
        """Prepare to announce ``editions``, which every instance called ``name`` judges with.

        ``published`` is what the topic holds, once ``is_settled`` says that it has been read to its end.
        """
        self._editions = editions
        self._name = name
        self._published = published
        self._is_settled = is_settled
        self._colleagues = colleagues
        self._write = write
        self._waits_since: float | None = None

    async def run(self) -> None:
        """Look until cancelled, whatever Kafka answers: judging goes on without us, so nobody would see us end."""
        while True:
            pause = _LOOK_SECONDS
            try:
                await self.look()
            except TransientError as error:
                _log.warning("what is judged with cannot be announced, trying again", extra={"cause": str(error)[:300]})
            except Exception:  # noqa: BLE001  # whatever we got wrong, the next look may find better
                _log.exception("what is judged with cannot be announced, trying again")
                pause = _PAUSE_SECONDS
            await asyncio.sleep(pause)

    async def look(self) -> bool:
        """Announce what the topic does not hold, if nobody judges otherwise; return whether there was anything.

        While the topic holds what is judged with, nobody is asked and nothing is written.

        Raises:
            TransientError: Kafka does not answer; what was written may be written again.
        """
        if not self._is_settled():
            return False
        if not self._unsaid():
            self._waits_since = None
            return False
        judging = await self._colleagues()
        if judging != {self._name}:
            self._wait_for(judging)
            return False
        self._waits_since = None
        # Read again: another instance of this version may have said it while we asked.
        unsaid = self._unsaid()
        await self._write([Outgoing(REFERENCE, 0, key, value, {}) for key, value in unsaid.items()])
        _log.info("announced what is judged with", extra={"keys": sorted(unsaid), "judges": self._name})
        return True

    def _wait_for(self, judging: frozenset[str]) -> None:
        now = monotonic()
        if self._waits_since is None:
            self._waits_since = now
        elif now - self._waits_since >= _PATIENCE_SECONDS:
            self._waits_since = now
            _log.warning(
                "what is judged with is not announced as long as others judge otherwise",
                extra={"judges": self._name, "others": sorted(judging - {self._name})},
            )

    def _unsaid(self) -> dict[str, bytes]:
        return {key: value for key, value in self._editions.items() if self._published.get(key) != value}
