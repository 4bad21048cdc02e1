"""Where sync touches the world: Kafka and PostgreSQL."""
