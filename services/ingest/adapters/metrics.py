"""What ingest counts: changes pushed, repeated and refused, what is waiting, and how long Kafka takes to confirm."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from contracts.identifiers import Lane
from contracts.problems import ProblemItem
from services.ingest.adapters.clerk import Outcome


class Metrics:
    """The figures of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register every figure."""
        self._pushed = Counter("ingest_changes_pushed", "Changes that arrived", ["office"], registry=registry)
        self._repeated = Counter(
            "ingest_changes_repeated", "Changes that said nothing new", ["office"], registry=registry
        )
        self._refused = Counter("ingest_changes_refused", "Changes refused", ["office", "code"], registry=registry)
        self._waiting = Gauge(
            "ingest_spool_changes", "Changes that Kafka has not confirmed", ["office", "lane"], registry=registry
        )
        self._published = Counter(
            "ingest_changes_published", "Changes that Kafka has confirmed", ["office", "lane"], registry=registry
        )
        self._confirm = Histogram(
            "ingest_confirm_seconds",
            "From handing a record to Kafka until it is confirmed",
            registry=registry,
            buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120),
        )

    def count_push(self, office: str, outcome: Outcome) -> None:
        """Count what became of one request."""
        refused: list[ProblemItem] = outcome.errors
        self._pushed.labels(office).inc(outcome.taken + outcome.repeated + len({item.index for item in refused}))
        self._repeated.labels(office).inc(outcome.repeated)
        for item in refused:
            self._refused.labels(office, item.code).inc()

    def count_request_refused(self, office: str, code: str) -> None:
        """Count a request that was refused as a whole."""
        self._refused.labels(office, code).inc()

    def count_published(self, office: str, lane: Lane, changes: int, seconds: float) -> None:
        """Count a record that Kafka has confirmed."""
        self._published.labels(office, lane).inc(changes)
        self._confirm.observe(seconds)

    def set_waiting(self, office: str, lane: Lane, changes: int) -> None:
        """Tell how many changes are waiting for Kafka."""
        self._waiting.labels(office, lane).set(changes)
