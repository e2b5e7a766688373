"""Traces: W3C context travels in `traceparent`; spans go to a collector when one is named."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-..")
_propagator = TraceContextTextMapPropagator()
_tracer: trace.Tracer | None = None


def configure_tracing(service: str, otlp_endpoint: str = "") -> None:
    """Exports spans to the collector at `otlp_endpoint`; without one, ids alone travel."""
    global _tracer
    if not otlp_endpoint:
        _tracer = None
        return
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": f"rapport-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(otlp_endpoint)))
    _tracer = provider.get_tracer("rapport")


@contextmanager
def span(name: str, traceparent: str | None = None) -> Iterator[str | None]:
    """Runs the body in a span that continues `traceparent`; gives the traceparent to pass on."""
    if _tracer is None:
        yield _passed_on(traceparent)
        return
    parent = _propagator.extract({"traceparent": traceparent} if traceparent else {})
    with _tracer.start_as_current_span(name, context=parent):
        carrier: dict[str, str] = {}
        _propagator.inject(carrier)
        yield carrier.get("traceparent")


def _passed_on(traceparent: str | None) -> str:
    """Where no span is made the caller's context is passed on as it is, as W3C Trace Context has
    it; one that is missing or malformed is begun anew, not sampled."""
    if traceparent is not None and _TRACEPARENT.match(traceparent):
        return traceparent
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00"
