"""What ingest decides: pure functions, without input, output, clock or randomness."""
