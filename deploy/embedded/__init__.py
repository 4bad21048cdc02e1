"""A real Kafka and a real PostgreSQL as child processes on loopback, for the demo, the tests and the benchmark."""
