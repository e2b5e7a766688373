"""How a service runs: parts start, the admin port says how they are, SIGTERM drains them.

A `__main__` reads top to bottom:

    settings = load_settings(EmotionSettings, "emotion")
    engine = connect(settings.database_url, "emotion")
    producer = producer_of(settings, "emotion")
    handler = EmotionHandler(Scorer.load(settings.model))
    processor = StatefulProcessor(handler, engine, cache_conversations=settings.cache_conversations)
    grpc = GrpcServer("emotion", settings.host, settings.grpc_port, [(add, servicer, NAME)])
    parts = [ConsumerPart(settings, processor, producer), grpc]
    run(Service("emotion", settings, parts, engine=engine, close=[producer.close]))
"""

import asyncio
import gc
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar
from wsgiref.simple_server import WSGIRequestHandler, make_server

import sqlalchemy as sa
import uvloop
from prometheus_client import make_wsgi_app
from pydantic import ValidationError
from setproctitle import setproctitle

from services.common import tls
from services.common.broker import Consumer
from services.common.kafka import Consumer as KafkaConsumer
from services.common.kafka import Producer as KafkaProducer
from services.common.logs import configure_logging, logger
from services.common.loop import Loop
from services.common.migrations import is_current
from services.common.outbox import Outbox, Relay
from services.common.settings import ServiceSettings
from services.common.topics import Topic
from services.common.tracing import configure_tracing

log = logger(__name__)

DRAIN_SECONDS = 20.0
T = TypeVar("T", bound=ServiceSettings)


class Part(Protocol):
    """Something that a service runs: a server, a consumer, a relay."""

    async def start(self) -> None: ...

    async def drain(self) -> None: ...

    def ready(self) -> bool: ...


class ThreadPart:
    """Runs a blocking `run()` in a thread; its failure ends the service.

    `make` builds the worker (with `run` and `stop`) inside the thread, so that a broker or a
    database that is slow to answer holds up nothing else.
    """

    def __init__(self, name: str, make: Callable[[], Any]) -> None:
        self._name = name
        self._make = make
        self._worker: Any = None
        self._thread: threading.Thread | None = None
        self._failed: asyncio.Future[None] | None = None
        self._stopping = False

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._failed = loop.create_future()
        self._thread = threading.Thread(target=self._run, args=(loop,), name=self._name)
        self._thread.start()

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            self._worker = self._make()
            if not self._stopping:
                self._worker.run()
        except BaseException as error:
            if not self._stopping:
                log.exception("part_failed", part=self._name, error=type(error).__name__)
            loop.call_soon_threadsafe(self._fail, error)

    def _fail(self, error: BaseException) -> None:
        if self._failed is not None and not self._failed.done():
            self._failed.set_exception(error)

    async def failed(self) -> None:
        """Waits for ever, or raises what ended the thread."""
        assert self._failed is not None
        await self._failed

    async def drain(self) -> None:
        self._stopping = True
        if self._worker is not None:
            self._worker.stop()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join, DRAIN_SECONDS)

    def ready(self) -> bool:
        return self._worker is not None and bool(self._thread and self._thread.is_alive())


class ConsumerPart(ThreadPart):
    """The consumer loop of one processor in a thread of its own."""

    def __init__(
        self,
        settings: ServiceSettings,
        processor: Any,
        producer: Any,
        *,
        group: str = "",
        patient: Sequence[Topic] = (),
    ) -> None:
        """`patient`: topics of the processor for which nobody waits (see Loop)."""
        self._consumer: Consumer | None = None

        def make() -> Loop:
            self._consumer = KafkaConsumer(
                settings.connection(),
                f"rapport.{group or processor.service}",
                [topic.name for topic in processor.reads],
                instance=settings.member_of(processor.service),
                gather_seconds=settings.pace_seconds,
            )
            return Loop(
                processor,
                self._consumer,
                producer,
                batch_records=settings.batch_records,
                retry_seconds=settings.retry_seconds,
                dead_letter_run=settings.dead_letter_run,
                pace_seconds=settings.pace_seconds,
                patient=patient,
            )

        super().__init__(f"loop-{group or processor.service}", make)

    def ready(self) -> bool:
        """Ready once it reads what the group gave it."""
        return super().ready() and self._consumer is not None and self._consumer.joined()


def relay_part(outbox: Outbox, engine: sa.Engine, producer: Any) -> ThreadPart:
    """The outbox's relay in a thread of its own."""
    return ThreadPart(f"relay-{outbox.service}", lambda: Relay(outbox, engine, producer))


def producer_of(settings: ServiceSettings, service: str) -> KafkaProducer:
    """The producer that the parts of one service share."""
    return KafkaProducer(settings.connection(), service)


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Probes and scrapes are not worth a line."""


class Service:
    """A named service with its settings and parts."""

    def __init__(
        self,
        name: str,
        settings: ServiceSettings,
        parts: Sequence[Part],
        *,
        engine: sa.Engine | None = None,
        close: Sequence[Callable[[], None]] = (),
    ) -> None:
        self.name = name
        self.settings = settings
        self.parts = parts
        self._engine = engine
        self._close = close
        self._draining = False

    def ready(self) -> bool:
        """Whether every part is, and nothing is being drained."""
        return not self._draining and all(part.ready() for part in self.parts)

    def _admin_app(self) -> Callable[[Any, Any], Any]:
        metrics_app = make_wsgi_app()

        def app(environ: Any, start_response: Any) -> Any:
            path = environ["PATH_INFO"]
            if path == "/metrics":
                return metrics_app(environ, start_response)
            plain = [("Content-Type", "text/plain; charset=utf-8")]
            if path == "/livez":
                start_response("200 OK", plain)
                return [b"live\n"]
            if path == "/readyz":
                ready = self.ready()
                start_response("200 OK" if ready else "503 Service Unavailable", plain)
                return [b"ready\n" if ready else b"not ready\n"]
            start_response("404 Not Found", plain)
            return [b"try /metrics, /livez or /readyz\n"]

        return app

    async def _main(self) -> None:
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()

        def on_signal() -> None:
            if stop.is_set():
                log.warning("forced")
                sys.stderr.flush()
                signal.raise_signal(signal.SIGKILL)
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, on_signal)
        self._check_schema()
        admin = make_server(
            self.settings.host, self.settings.admin_port, self._admin_app(), handler_class=_Quiet
        )
        threading.Thread(target=admin.serve_forever, daemon=True, name="admin").start()
        for part in self.parts:
            await part.start()
        # What was made at the start stays: no collection need look at it again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        log.info("started", admin_port=admin.server_port)
        stopped = asyncio.create_task(stop.wait())
        failures = [
            asyncio.create_task(part.failed()) for part in self.parts if hasattr(part, "failed")
        ]
        try:
            done, _ = await asyncio.wait([stopped, *failures], return_when=asyncio.FIRST_COMPLETED)
            self._draining = True
            log.info("draining")
            for part in self.parts:
                await part.drain()
            for task in done - {stopped}:
                task.result()
        finally:
            admin.shutdown()
            for task in (stopped, *failures):
                task.cancel()

    def _check_schema(self) -> None:
        if self._engine is None:
            return
        with self._engine.connect() as connection:
            if not is_current(self.name, connection):
                raise SystemExit(
                    f"the database schema of {self.name} is not what this version needs: "
                    "run 'rapport db migrate'"
                )

    def run(self) -> None:
        """Runs until SIGTERM or a part's failure; closes what was handed over to close."""
        try:
            uvloop.run(self._main())
        finally:
            for close in self._close:
                close()
        log.info("stopped")


def load_settings(settings_type: type[T], service: str) -> T:
    """Reads the environment; bad settings end the start, a line each, before any connection."""
    try:
        settings = settings_type()
    except ValidationError as error:
        for fault in error.errors():
            name = ".".join(str(part) for part in fault["loc"])
            for line in fault["msg"].removeprefix("Value error, ").splitlines():
                said = f"setting {name}: {line}" if name else line
                sys.stderr.write(f"rapport {service}: {said}\n")
        raise SystemExit(2) from None
    identity = settings.tls()
    if identity is not None and identity.identity() != service:
        sys.stderr.write(f"rapport {service}: the certificate is {identity.identity()}'s\n")
        raise SystemExit(2)
    setproctitle(f"rapport {service}")
    configure_logging(service, settings.log_level)
    configure_tracing(service, settings.otlp_endpoint)
    tls.use(identity)
    return settings


def run(service: Service) -> None:
    """Runs a service; its failure is the process's exit code 1, so that it is started again."""
    try:
        service.run()
    except SystemExit:
        raise
    except BaseException as error:
        log.error("failed", error=type(error).__name__, reason=getattr(error, "reason", ""))
        raise SystemExit(1) from None
