"""What can go wrong with a server of one's own, in words that say what to do."""

from __future__ import annotations


class EmbeddedServerError(RuntimeError):
    """A server cannot run here; the message names the reason and the way out."""
