"""Decides what a file of an office says that its ledger does not know yet, and what it no longer says."""
