"""What the validator counts of itself."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """Counters of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register them."""
        self._changes = Counter("validator_changes", "Changes by verdict", ["lane", "verdict"], registry=registry)
        self._findings = Counter("validator_findings", "What rules found, by code", ["code"], registry=registry)
        self._outside = Counter(
            "validator_records_refused", "Records that settle no numbers of an office", ["lane"], registry=registry
        )
        self._seconds = Histogram(
            "validator_poll_seconds", "Time to judge and confirm what one poll brought", ["lane"], registry=registry
        )
        self._open = Gauge("validator_breaker_open", "1 while a storm of rejections stops us", registry=registry)
        self._tps = Gauge("validator_register_tps", "TPS in the register", registry=registry)

    def judged(self, lane: str, verdicts: Mapping[str, int], codes: Mapping[str, int]) -> None:
        """Count one record."""
        for verdict, changes in verdicts.items():
            self._changes.labels(lane, verdict).inc(changes)
        for code, times in codes.items():
            self._findings.labels(code).inc(times)

    def refused(self, lane: str) -> None:
        """Count a record that cannot be heard."""
        self._outside.labels(lane).inc()

    def settled(self, lane: str, *, seconds: float, tps: int) -> None:
        """Count one poll."""
        self._seconds.labels(lane).observe(seconds)
        self._tps.set(tps)

    def breaker(self, *, is_open: bool) -> None:
        """Say whether the breaker is open."""
        self._open.set(1 if is_open else 0)
