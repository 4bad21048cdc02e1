"""Where ingest touches the world: HTTP, SQLite and Kafka."""
