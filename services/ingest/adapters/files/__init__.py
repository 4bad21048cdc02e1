"""Touches the disk for files as offices have them: opens what they send, writes the copy with its problems marked."""
