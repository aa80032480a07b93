"""What this process counts about itself. The labels are words of ours or of Slack's, never of a person or a workspace."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache

import aiohttp
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

ACK_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)  # Slack gives up after 3 s
CALL_BUCKETS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)
LAG_BUCKETS = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200)
TICK_BUCKETS = (0.005, 0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30)
_METHOD = re.compile(r"/([a-z]+(?:\.[a-zA-Z]+){1,3})$")


class Meters:
    """Counters and clocks of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)  # memory, processor time, open files
        self.acks = self._histogram(
            "ack", "From the receipt of what people did to the answer to Slack", ACK_BUCKETS, "status"
        )
        self.messages = self._counter("messages", "Attempts to say a message, by what came of them", "outcome")
        self.send_lag = self._histogram(
            "send_lag", "From a message's slot to its being said, in real time", LAG_BUCKETS
        )
        self.calls = self._counter("slack_calls", "Calls to Slack; 429: it asked for silence", "method", "status")
        # Their labels are few, and to look a counter up by them costs more than to count.
        self.messages_of, self.calls_of = cache(self.messages.labels), cache(self.calls.labels)
        self.call_time = self._histogram("slack_call", "How long Slack takes to answer", CALL_BUCKETS)
        self.planned = self._counter("planned", "Agenda items that ticks of this process planned")
        self.ticks = self._histogram("tick", "How long a tick takes", TICK_BUCKETS)
        self.failed_ticks = self._counter("ticks_failed", "Ticks that ended in an error")
        self.last_tick = Gauge(
            "playercoach_last_tick_timestamp_seconds", "When the last tick ended well", registry=self.registry
        )

    def heard(self, status: int, seconds: float) -> None:
        """Something came from Slack and was answered with that HTTP status after so many seconds."""
        self.acks.labels(str(status)).observe(seconds)

    @contextmanager
    def ticking(self) -> Iterator[None]:
        """A tick, from beginning to end."""
        began = time.perf_counter()
        with self.failed_ticks.count_exceptions():
            yield
        self.ticks.observe(time.perf_counter() - began)
        self.last_tick.set_to_current_time()

    async def calling(self, request: aiohttp.ClientRequest, call: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        """Watches a call of aiohttp's client: which method, what came of it, how long it took.

        A middleware: aiohttp's own traces tell of every part of a call, and take twice as long.
        """
        began, status = time.perf_counter(), "none"
        try:
            answer = await call(request)
            self.call_time.observe(time.perf_counter() - began)
            status = str(answer.status)
            return answer
        finally:
            self.calls_of(method_of(request.url.path), status).inc()

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"playercoach_{name}", what, labels, registry=self.registry)

    def _histogram(self, name: str, what: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"playercoach_{name}_seconds", what, labels, registry=self.registry, buckets=buckets)


@lru_cache(maxsize=64)  # it is asked with each call, of which there are a few kinds
def method_of(path: str) -> str:
    """Slack's method by the path of a call; «other» for what is none, as the address of an upload: its names know no end."""
    found = _METHOD.search(path)
    return found[1] if found else "other"
