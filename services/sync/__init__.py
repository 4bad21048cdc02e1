"""Sync merges: accepted changes become the provincial store, each exactly once."""
