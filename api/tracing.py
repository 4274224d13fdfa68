"""A span for each request, where traces are on."""

from __future__ import annotations

from flask import Flask

from core.telemetry import traces

# Probes would drown the rest.
UNTRACED = "healthz,readyz,metrics"


def init_tracing(app: Flask) -> None:
    """Trace the requests to `app`. Call it before other hooks are added, so that they run within the span."""
    if (on := traces()) is not None:
        from opentelemetry.instrumentation.flask import FlaskInstrumentor

        FlaskInstrumentor().instrument_app(
            app, tracer_provider=on.provider, excluded_urls=UNTRACED, enable_commenter=False
        )
