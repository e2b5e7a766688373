"""The one consumer loop: poll, decode, handle and store, produce, commit. Nothing else consumes.

Offsets are committed after the effect. A record that cannot be processed goes to the dead letters
of its topic and this service; an outage is retried with backoff and then ends the process without
committing, so that a restart (or another replica) begins where the last commit was.
"""

import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any

from services.common import metrics
from services.common.broker import Consumer, Producer
from services.common.events import Event, Record, decode, encode
from services.common.failures import BreakerTripped, Transient, Unprocessable
from services.common.handling import Processor, Result
from services.common.logs import logger
from services.common.topics import TOPICS_BY_NAME, Topic, dead_letter_name

log = logger(__name__)

POLL_SECONDS = 0.5
LAG_SECONDS = 5.0
PURGE_SECONDS = 600.0
COMMIT_SECONDS = 1.0
PATIENCE_SECONDS = 0.2
FIRST_BACKOFF, LONGEST_BACKOFF = 0.05, 5.0


class Loop:
    """Drives one processor over its topics until `stop` is called."""

    def __init__(
        self,
        processor: Processor,
        consumer: Consumer,
        producer: Producer,
        *,
        batch_records: int = 200,
        retry_seconds: float = 60.0,
        dead_letter_run: int = 200,
        acknowledge_seconds: float = 35.0,
        commit_seconds: float = COMMIT_SECONDS,
        pace_seconds: float = 0.0,
        patient: Iterable[Topic] = (),
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        """Records of `patient` topics may wait up to `patience_seconds` for company: nobody waits
        for them. One that belongs to a conversation of which another record comes goes first."""
        self._processor = processor
        self._consumer = consumer
        self._producer = producer
        self._batch_records = batch_records
        self._retry_seconds = retry_seconds
        self._dead_letter_run = dead_letter_run
        self._acknowledge_seconds = acknowledge_seconds
        self._commit_seconds = commit_seconds
        self._pace_seconds = pace_seconds
        self._patient = frozenset(topic.name for topic in patient)
        self._patience_seconds = patience_seconds
        self._waiting: list[Record] = []
        self._wait_until = 0.0
        self._done: list[Record] = []
        self._next_commit = 0.0
        self._dead_in_a_row = 0
        self._stopping = threading.Event()
        self._next_lag = self._next_purge = 0.0
        consumer.on_reassigned(self._reassigned)

    def stop(self) -> None:
        """Asks the loop to end after the batch in hand."""
        self._stopping.set()

    def run(self) -> None:
        """Runs until stopped. Raises Transient when an outage outlasts the patience, and
        BreakerTripped when too many dead letters come in a row."""
        try:
            while not self._stopping.is_set():
                began = time.monotonic()
                self.step(self._longest_poll())
                # Where no customer waits, fewer and larger batches leave the cores to those paths.
                self._stopping.wait(max(0.0, began + self._pace_seconds - time.monotonic()))
            self._commit()
        finally:
            self._consumer.close()

    def step(self, timeout: float) -> int:
        """One micro-batch; returns how many records it had."""
        polled = self._persist(lambda: self._consumer.poll(timeout, self._batch_records))
        self._housekeeping()
        records = self._due(polled)
        if not records:
            self._commit()
            return 0
        metrics.BATCH_RECORDS.labels(self._processor.service).observe(len(records))
        pairs = self._timed("handle", lambda: self._handle(records))
        self._timed("produce", lambda: self._produce(pairs))
        self._done += records
        if time.monotonic() >= self._next_commit:
            self._commit()
        return len(records)

    def _longest_poll(self) -> float:
        longest = self._commit_seconds if self._done else POLL_SECONDS
        if self._waiting:
            longest = min(longest, max(0.0, self._wait_until - time.monotonic()))
        return longest

    def _due(self, polled: list[Record]) -> list[Record]:
        """What is handled now: the polled records, those that may wait before them once they have
        waited long enough, are many, or have a conversation in common with one that may not."""
        at_once = [record for record in polled if record.topic not in self._patient]
        now = time.monotonic()
        if not self._waiting:
            self._wait_until = now + self._patience_seconds
        self._waiting += [record for record in polled if record.topic in self._patient]
        keys = {record.key for record in self._waiting}
        if (
            now < self._wait_until
            and len(self._waiting) < self._batch_records
            and keys.isdisjoint(record.key for record in at_once)
        ):
            return at_once
        due, self._waiting = self._waiting + at_once, []
        return due

    def _reassigned(self) -> None:
        """Forgets what waits: it was not committed, so whoever has its partition reads it again."""
        self._waiting.clear()
        self._processor.forget()

    def _commit(self) -> None:
        """Commits what is done. Not after each batch: what a kill leaves uncommitted comes again
        and is dropped by its id, which is cheaper than a write to the broker for every batch."""
        if self._done:
            done, self._done = self._done, []
            self._timed("commit", lambda: self._persist(lambda: self._consumer.commit(done)))
            self._next_commit = time.monotonic() + self._commit_seconds

    def _handle(self, records: Sequence[Record]) -> list[tuple[Record, Event[Any] | None, Result]]:
        decoded: list[tuple[Record, Event[Any] | None, str | None]] = []
        for record in records:
            try:
                decoded.append((record, decode(record, TOPICS_BY_NAME[record.topic]), None))
            except Unprocessable as error:
                decoded.append((record, None, error.reason))
        events = [event for _, event, _ in decoded if event is not None]
        results = iter(self._persist(lambda: self._processor.process(events)) if events else ())
        return [
            (record, event, Result(failure=reason) if event is None else next(results))
            for record, event, reason in decoded
        ]

    def _produce(self, pairs: Sequence[tuple[Record, Event[Any] | None, Result]]) -> None:
        service = self._processor.service
        for _, _, result in pairs:
            self._dead_in_a_row = self._dead_in_a_row + 1 if result.failure else 0
            if self._dead_in_a_row >= self._dead_letter_run:
                log.error("breaker_tripped", dead_letters_in_a_row=self._dead_in_a_row)
                raise BreakerTripped(f"{self._dead_in_a_row} dead letters in a row")
        sent: list[Future[tuple[int, int]]] = []
        for record, _, result in pairs:
            if result.failure is not None:
                sent.append(self._bury(record, result.failure))
                continue
            for outgoing in result.outgoing:
                sent.append(
                    self._producer.send(
                        outgoing.topic.name,
                        key=outgoing.key.encode(),
                        value=outgoing.message.SerializeToString(deterministic=True),
                        headers=encode(outgoing, source=service, traceparent=result.traceparent),
                    )
                )
        # The producer has retried for its whole delivery time: what is not acknowledged now ends
        # the process, and the restart sends everything of this batch again, in order.
        deadline = time.monotonic() + self._acknowledge_seconds
        for future in sent:
            try:
                future.result(timeout=max(0.0, deadline - time.monotonic()))
            except TimeoutError as error:
                raise Transient("not_acknowledged") from error
        now = datetime.now(UTC)
        for record, event, result in pairs:
            outcome = (
                "dead_letter" if result.failure else "repeated" if result.repeated else "handled"
            )
            metrics.EVENTS.labels(service, record.topic, outcome).inc()
            if event is not None and outcome == "handled":
                age = max(0.0, (now - event.time).total_seconds())
                metrics.EVENT_AGE.labels(service, record.topic).observe(age)

    def _bury(self, record: Record, reason: str) -> "Future[tuple[int, int]]":
        """Sends a record as it came to its dead letters, with where it came from and why."""
        service = self._processor.service
        metrics.DEAD_LETTERS.labels(service, record.topic, reason).inc()
        log.warning(
            "dead_letter",
            reason=reason,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
        )
        return self._producer.send(
            dead_letter_name(TOPICS_BY_NAME[record.topic], service),
            key=record.key,
            value=record.value if record.value is not None else b"",
            headers=[*record.headers, *dead_letter_headers(record, reason, service)],
        )

    def _persist(self, action: Any) -> Any:
        """Repeats an action while it fails transiently, at most `retry_seconds` long."""
        deadline = time.monotonic() + self._retry_seconds
        backoff = FIRST_BACKOFF
        while True:
            try:
                return action()
            except Transient as error:
                metrics.RETRIES.labels(self._processor.service, error.reason).inc()
                if time.monotonic() + backoff > deadline:
                    log.error("gave_up", reason=error.reason, after_seconds=self._retry_seconds)
                    raise
                log.warning("retrying", reason=error.reason, backoff_seconds=backoff)
                if self._stopping.wait(backoff):
                    raise
                backoff = min(backoff * 2, LONGEST_BACKOFF)

    def _timed(self, stage: str, action: Any) -> Any:
        with metrics.BATCH_SECONDS.labels(self._processor.service, stage).time():
            return action()

    def _housekeeping(self) -> None:
        now = time.monotonic()
        if now >= self._next_lag:
            self._next_lag = now + LAG_SECONDS
            for topic, behind in self._consumer.lag().items():
                metrics.LAG.labels(self._processor.service, topic).set(behind)
        if now >= self._next_purge:
            first, self._next_purge = self._next_purge == 0.0, now + PURGE_SECONDS
            if not first:
                self._persist(self._processor.purge)


def dead_letter_headers(record: Record, reason: str, service: str) -> list[tuple[str, bytes]]:
    """Headers that a dead letter gets beside its own: origin and error class, never text."""
    return [
        ("rapport_error_class", reason.encode()),
        ("rapport_service", service.encode()),
        ("rapport_origin_topic", record.topic.encode()),
        ("rapport_origin_partition", str(record.partition).encode()),
        ("rapport_origin_offset", str(record.offset).encode()),
        ("rapport_failed_at", datetime.now(UTC).isoformat().encode()),
    ]
