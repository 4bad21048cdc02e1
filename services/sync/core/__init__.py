"""What sync decides: pure functions over bytes and values."""
