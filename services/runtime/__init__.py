"""Shared engineering: Kafka, PostgreSQL, lifecycle, logs, metrics, errors, clock; no service of its own."""
