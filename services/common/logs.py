"""One JSON line for each thing that happened: ids, never text."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog


def _where_it_failed(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The type and the frames of an exception: its message may hold a customer's words."""
    if raised := line.pop("exc_info", None):
        error = raised[1] if isinstance(raised, tuple) else raised
        error = sys.exc_info()[1] if error is True else error
        if isinstance(error, BaseException):
            frames = traceback.extract_tb(error.__traceback__)
            line["exception"] = type(error).__name__
            line["frames"] = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames[-12:]]
    return line


def configure_logging(service: str, level: str = "INFO") -> None:
    """Sends structlog and the standard library's loggers to stderr as JSON lines."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _where_it_failed,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.EventRenamer("event"),
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    structlog.contextvars.bind_contextvars(service=service)
    # Libraries speak when something is wrong, not when they work.
    for noisy in ("kafka", "httpx", "httpcore", "alembic", "faust", "aiokafka", "mode", "asyncio"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)


def logger(name: str) -> Any:
    """A logger of the named module. Values are ids, counts, codes and times alone."""
    return structlog.stdlib.get_logger(name)
