"""Rows become answers: one file for each resource, with its shape and the pure function that fills it."""
