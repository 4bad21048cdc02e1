"""Ingest stamps: it takes what an office pushes, numbers it, keeps it on disk and delivers it to Kafka in order."""
