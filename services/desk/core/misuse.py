"""What an operator can mend by herself: a setting that is missing, a file that is none."""

from __future__ import annotations


class MisuseError(Exception):
    """The command cannot be done as it was given; ``text`` names the text that says why."""

    def __init__(self, *, text: str, **values: object) -> None:
        """Say what is wrong, with ``values`` filled in."""
        super().__init__(text)
        self.text = text
        self.values = values
