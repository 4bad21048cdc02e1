"""Reads tables as offices have them: rows of text in, changes as an office would post them and problems by cell out."""
