"""What the gateway decides: pure functions from rows to answers."""
