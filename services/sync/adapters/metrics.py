"""What sync counts of itself."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram


class Metrics:
    """Counters of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register them."""
        self._changes = Counter("sync_changes", "Changes by what became of them", ["outcome"], registry=registry)
        self._seconds = Histogram("sync_transaction_seconds", "Time of a merge transaction", registry=registry)
        self._per_transaction = Histogram(
            "sync_transaction_changes",
            "Changes in a merge transaction",
            buckets=(1, 10, 100, 1_000, 2_500, 5_000, 10_000),
            registry=registry,
        )

        self._alarms = Counter(
            "sync_alarms", "Positions that Kafka or the store no longer has", ["reason"], registry=registry
        )

        self._decided = Counter(
            "sync_decided", "Records that a decision released, or took back to be held", ["state"], registry=registry
        )

    def alarm(self, reason: str) -> None:
        """Count something that a person must look into."""
        self._alarms.labels(reason).inc()

    def merged(self, outcomes: Mapping[str, int], *, seconds: float) -> None:
        """Count one transaction."""
        for outcome, changes in outcomes.items():
            self._changes.labels(outcome).inc(changes)
        self._seconds.observe(seconds)
        self._per_transaction.observe(sum(outcomes.values()))

    def decided(self, states: Mapping[str, int]) -> None:
        """Count the records whose state decisions have changed."""
        for state, records in states.items():
            self._decided.labels(state).inc(records)
