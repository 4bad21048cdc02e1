"""The operator's desk: hands an office's files to ingest, and tells in her language what became of them."""
