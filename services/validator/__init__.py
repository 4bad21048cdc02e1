"""Validator judges: every change of every office is accepted, held or rejected, with every reason named."""
