"""Readers of the files that offices already have: raw bytes in, changes as an office would send them out."""
