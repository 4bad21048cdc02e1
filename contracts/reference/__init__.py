"""Reference data: wilayah, candidates and code sets, each with the period in which it is valid."""
