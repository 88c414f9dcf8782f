"""Structured logs: one JSON object a line where machines read, plain lines where people do."""

import os

import structlog

_PLAIN = os.environ.get("LOG_FORMAT", "plain") == "plain"
_chain = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=False),
    # Here for Django's own records too: left to the renderer, a traceback would print the values of local variables.
    structlog.processors.format_exc_info,
]


def configure() -> None:
    """Send structlog through the standard library's handlers (settings.LOGGING)."""
    structlog.configure(
        processors=[
            *_chain,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def build_formatter() -> structlog.stdlib.ProcessorFormatter:
    renderer = structlog.dev.ConsoleRenderer(colors=False) if _PLAIN else structlog.processors.JSONRenderer()
    return structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=_chain)
