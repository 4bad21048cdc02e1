"""The world's trouble, in the two kinds that matter: wait and try again, or stop."""

from __future__ import annotations


class TransientError(Exception):
    """Something outside is away for now; the same work will succeed later."""


class FatalError(Exception):
    """Something outside is wrong in a way that waiting does not mend."""
