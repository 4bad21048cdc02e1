"""How a command ends: the exit code that a script can rely on."""

from __future__ import annotations

from enum import IntEnum


class Ending(IntEnum):
    """Exit codes; they never change their meaning."""

    DONE = 0
    """Everything was taken, or everything asked for was shown."""
    INCOMPLETE = 1
    """Something was taken, but some rows or changes were refused or have problems that somebody must mend."""
    USAGE = 2
    """The command was written wrongly, or a setting is missing."""
    UNREACHABLE = 3
    """The service did not answer in spite of patience; sending the same again goes on where it was."""
    KEY_REFUSED = 4
    """The API key is missing or unknown."""
    REFUSED = 5
    """The service took nothing of it, and said why."""
    UNDECIDED = 6
    """Rows have disappeared from a snapshot, and a person must confirm or dismiss that."""
    INTERRUPTED = 130
    """Ctrl-C; what was sent is safe."""

    @classmethod
    def gravest(cls, one: Ending, other: Ending) -> Ending:
        """Return which of two endings must be told."""
        return max(one, other, key=_GRAVITY.index)


_GRAVITY = [
    Ending.DONE,
    Ending.UNDECIDED,
    Ending.INCOMPLETE,
    Ending.REFUSED,
    Ending.UNREACHABLE,
    Ending.KEY_REFUSED,
    Ending.USAGE,
    Ending.INTERRUPTED,
]
