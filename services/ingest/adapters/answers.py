"""Answers that say no to a push: one cause named when all changes were refused for it."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.problems import ProblemItem
from services.runtime.answers import ProblemError


def refusal_of(errors: Sequence[ProblemItem]) -> ProblemError:
    """Return the problem of a request of which nothing could be taken."""
    codes = {item.code for item in errors}
    code = codes.pop() if len(codes) == 1 else "CHANGES-REFUSED"
    changes = len({item.index for item in errors})
    refused = "1 change was refused" if changes == 1 else f"{changes} changes were refused, none was taken"
    return ProblemError(code=code, detail=refused, errors=errors)
