"""Traces: W3C context travels in `traceparent`; spans go to a collector when one is named."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, DEFAULT_ON
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_propagator = TraceContextTextMapPropagator()


def configure_tracing(service: str, otlp_endpoint: str = "") -> None:
    """Installs the provider; without an endpoint, ids still travel and nothing is exported."""
    provider = TracerProvider(
        resource=Resource.create({"service.name": f"rapport-{service}"}),
        # A span that nobody collects need not be recorded; its ids travel all the same.
        sampler=DEFAULT_ON if otlp_endpoint else ALWAYS_OFF,
    )
    if otlp_endpoint:
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(otlp_endpoint)))
    trace.set_tracer_provider(provider)


@contextmanager
def span(name: str, traceparent: str | None = None) -> Iterator[str | None]:
    """Runs the body in a span that continues `traceparent`; gives the traceparent to pass on."""
    parent = _propagator.extract({"traceparent": traceparent} if traceparent else {})
    with trace.get_tracer("rapport").start_as_current_span(name, context=parent):
        carrier: dict[str, str] = {}
        _propagator.inject(carrier)
        yield carrier.get("traceparent")
