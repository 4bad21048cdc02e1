"""Decides: pure functions over bytes and reference data."""
