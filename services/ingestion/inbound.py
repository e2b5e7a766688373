"""The way in by topic: other systems write CloudEvents, as structured JSON, to the inbound topic.

Offsets are committed once the events are through the door. A bad event goes to the dead letters
with the code of its rejection; an outage is waited out, in order.
"""

import asyncio
import threading
import time
from collections.abc import Sequence
from concurrent.futures import CancelledError

from services.common import metrics
from services.common.broker import Consumer, Producer
from services.common.events import Record
from services.common.failures import Transient
from services.common.kafka import Consumer as KafkaConsumer
from services.common.logs import logger
from services.common.loop import FIRST_BACKOFF, LAG_SECONDS, LONGEST_BACKOFF, dead_letter_headers
from services.common.service import ThreadPart
from services.common.settings import ServiceSettings
from services.common.topics import INBOUND, dead_letter_name
from services.ingestion.acceptance import Acceptor, Receipt, accept_in_order, count_refusal
from services.ingestion.cloudevents import read_json
from services.ingestion.contract import CloudEvent
from services.ingestion.rejections import Rejected

log = logger(__name__)

SERVICE = "ingestion"
WAY = "topic"
GROUP = "rapport.ingestion.inbound"
POLL_SECONDS = 0.5


class InboundReader:
    """Moves the inbound topic through the door until stopped. Runs in a thread of its own; the
    acceptor stays on its event loop."""

    def __init__(
        self,
        consumer: Consumer,
        producer: Producer,
        acceptor: Acceptor,
        loop: asyncio.AbstractEventLoop,
        *,
        batch_records: int = 200,
        retry_seconds: float = 60.0,
        acknowledge_seconds: float = 10.0,
    ) -> None:
        self.consumer = consumer
        self._producer = producer
        self._acceptor = acceptor
        self._loop = loop
        self._batch_records = batch_records
        self._retry_seconds = retry_seconds
        self._acknowledge_seconds = acknowledge_seconds
        self._stopping = threading.Event()
        self._next_lag = 0.0

    def stop(self) -> None:
        """Asks the reader to end after the batch in hand."""
        self._stopping.set()

    def run(self) -> None:
        """Runs until stopped; Transient when an outage outlasts the patience."""
        try:
            while not self._stopping.is_set():
                self.step(POLL_SECONDS)
        finally:
            self.consumer.close()

    def step(self, timeout: float) -> int:
        """One batch: everything in it is accepted or a dead letter when its offsets move."""
        deadline = time.monotonic() + self._retry_seconds
        backoff = FIRST_BACKOFF
        records: Sequence[Record] = ()
        pending: Sequence[Record] = ()
        while True:
            try:
                if not records:
                    records = pending = self.consumer.poll(timeout, self._batch_records)
                pending = self._through_the_door(pending)
                if not pending:
                    if records:
                        self.consumer.commit(records)
                    self._report_lag()
                    return len(records)
                reason = "not_accepted"
            except Transient as error:
                reason = error.reason
            metrics.RETRIES.labels(SERVICE, reason).inc()
            log.warning("inbound_retrying", reason=reason, backoff_seconds=backoff)
            if time.monotonic() + backoff > deadline or self._stopping.wait(backoff):
                raise Transient(reason)
            backoff = min(backoff * 2, LONGEST_BACKOFF)

    def _through_the_door(self, records: Sequence[Record]) -> list[Record]:
        """Accepts or buries records; gives those that must be tried again, in order."""
        events: list[CloudEvent] = []
        origins: list[Record] = []
        buried: list[tuple[Record, str]] = []
        now = self._acceptor.clock()
        for record in records:
            try:
                events.append(read_json(record.value or b"", now))
                origins.append(record)
            except Rejected as rejected:
                count_refusal(WAY, rejected)
                buried.append((record, rejected.reason.code))
        outcomes = self._accept(events, [_traceparent(record) for record in origins])
        again: list[Record] = []
        for record, outcome in zip(origins, outcomes, strict=True):
            if isinstance(outcome, Receipt):
                kind = "repeated" if outcome.repeated else "handled"
                metrics.EVENTS.labels(SERVICE, INBOUND.name, kind).inc()
            elif outcome.reason.transient:
                again.append(record)
            else:
                buried.append((record, outcome.reason.code))
        self._bury(buried)
        return again

    def _accept(
        self, events: Sequence[CloudEvent], traceparents: Sequence[str | None]
    ) -> list[Receipt | Rejected]:
        work = accept_in_order(self._acceptor, events, WAY, traceparents=traceparents, wait=True)
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()
        except (CancelledError, RuntimeError) as error:  # the event loop ends
            work.close()
            raise Transient("door_closing") from error

    def _bury(self, buried: Sequence[tuple[Record, str]]) -> None:
        """Sends records as they came to the dead letters, and waits until they are there."""
        sent = []
        for record, reason in buried:
            log.warning(
                "dead_letter",
                reason=reason,
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
            )
            sent.append(
                self._producer.send(
                    dead_letter_name(INBOUND, SERVICE),
                    key=record.key,
                    value=record.value or b"",
                    headers=[*record.headers, *dead_letter_headers(record, reason, SERVICE)],
                )
            )
        for future in sent:
            try:
                future.result(timeout=self._acknowledge_seconds)
            except TimeoutError as error:
                raise Transient("not_acknowledged") from error
        for _, reason in buried:
            metrics.EVENTS.labels(SERVICE, INBOUND.name, "dead_letter").inc()
            metrics.DEAD_LETTERS.labels(SERVICE, INBOUND.name, reason).inc()

    def _report_lag(self) -> None:
        now = time.monotonic()
        if now >= self._next_lag:
            self._next_lag = now + LAG_SECONDS
            for topic, behind in self.consumer.lag().items():
                metrics.LAG.labels(SERVICE, topic).set(behind)


def _traceparent(record: Record) -> str | None:
    for name, value in record.headers:
        if name == "traceparent" and value is not None:
            return value.decode("ascii", errors="replace")
    return None


class InboundPart(ThreadPart):
    """The reader of the inbound topic in a thread of its own."""

    def __init__(self, settings: ServiceSettings, acceptor: Acceptor, producer: Producer) -> None:
        self._reader: InboundReader | None = None
        self._events: asyncio.AbstractEventLoop | None = None

        def build() -> InboundReader:
            assert self._events is not None
            self._reader = InboundReader(
                KafkaConsumer(
                    settings.connection(),
                    GROUP,
                    [INBOUND.name],
                    instance=settings.member_of(SERVICE),
                ),
                producer,
                acceptor,
                self._events,
                batch_records=settings.batch_records,
                retry_seconds=settings.retry_seconds,
            )
            return self._reader

        super().__init__("inbound", build)

    async def start(self) -> None:
        self._events = asyncio.get_running_loop()
        await super().start()

    def ready(self) -> bool:
        return super().ready() and self._reader is not None and self._reader.consumer.joined()
