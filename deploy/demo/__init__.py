"""The demo: the whole province on one machine, fed with an evening of results."""
