"""Touches the world: Kafka and metrics."""
