"""The addresses, one file for each question."""
