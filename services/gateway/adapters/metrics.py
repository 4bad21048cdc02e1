"""What gateway counts: requests and how long they take, who watches, and how fresh it all is."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.runtime import clock


class Metrics:
    """The figures of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register them."""
        self._registry = registry
        self._requests = Counter("gateway_requests", "Requests answered", ["route", "status"], registry=registry)
        self._seconds = Histogram(
            "gateway_request_seconds",
            "From a request until its answer begins",
            ["route"],
            buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
            registry=registry,
        )
        self._notices = Counter("gateway_notices", "Notices of sync heard", registry=registry)
        self._dropped = Counter("gateway_watchers_dropped", "Watchers that did not keep up", registry=registry)

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count a request whose answer begins."""
        self._requests.labels(route, str(int(status))).inc()
        self._seconds.labels(route).observe(seconds)

    def count_notice(self) -> None:
        """Count a notice."""
        self._notices.inc()

    def count_dropped(self) -> None:
        """Count a watcher that was ended for being slow."""
        self._dropped.inc()

    def watch(
        self, *, watchers: Callable[[], float], status_age: Callable[[], float], listening: Callable[[], float]
    ) -> None:
        """Look these up whenever somebody asks for the metrics."""
        for name, text, value in (
            ("gateway_watchers", "Clients of the stream", watchers),
            ("gateway_status_age_seconds", "Age of the status that is kept; NaN before the first", status_age),
            ("gateway_listening", "1 while notices of sync are heard", listening),
        ):
            Gauge(name, text, registry=self._registry).set_function(value)


class Measured:
    """Counts every request of the application inside it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Measure ``app``."""
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = clock.monotonic()
        is_answered = False

        def answered(status: int) -> None:
            nonlocal is_answered
            is_answered = True
            # The pattern and not the address: an address may hold anything.
            route = getattr(scope.get("route"), "path", "other")
            self._metrics.answered(route, status, clock.monotonic() - began)

        async def count_and_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, count_and_send)
        finally:
            if not is_answered:
                # What failed is answered further out, or nobody is there any more to be answered.
                answered(HTTPStatus.INTERNAL_SERVER_ERROR)
