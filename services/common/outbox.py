"""Events that follow from a command rather than from an event: stored with the state, then sent.

`Outbox.add` joins the caller's transaction; a relay publishes in the order of the rows. One relay
works at a time in each service, whichever replica it lives in, so the order holds.
"""

import threading
import uuid
from concurrent.futures import Future
from datetime import UTC, datetime

import sqlalchemy as sa

from services.common import metrics
from services.common.broker import Producer
from services.common.database import as_transient
from services.common.events import Outgoing, encode
from services.common.failures import Transient
from services.common.logs import logger
from services.common.topics import TOPICS_BY_NAME
from services.common.tracing import span

log = logger(__name__)

BATCH = 200
IDLE_SECONDS = 1.0


class Outbox:
    """The outbox table of one service. Set `wake` after the commit: the relay looks at once."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.wake = threading.Event()
        self.table = sa.Table(
            "outbox",
            sa.MetaData(schema=service),
            sa.Column("position", sa.BigInteger, sa.Identity(always=True), primary_key=True),
            sa.Column("topic", sa.Text),
            sa.Column("key", sa.Text),
            sa.Column("event_id", sa.Uuid),
            sa.Column("time", sa.DateTime(timezone=True)),
            sa.Column("value", sa.LargeBinary),
            sa.Column("traceparent", sa.Text),
        )

    def add(self, connection: sa.Connection, outgoing: Outgoing) -> None:
        """Stores an event in the caller's transaction, to be sent once that commits."""
        # Positions must be visible in order, or the relay would pass over a row that commits late:
        # those who add wait for each other until their transaction ends.
        connection.execute(
            sa.text("select pg_advisory_xact_lock(hashtext(:name))"),
            {"name": f"rapport.outbox.{self.service}.add"},
        )
        with span(f"store {outgoing.topic.name}") as traceparent:
            connection.execute(
                sa.insert(self.table).values(
                    topic=outgoing.topic.name,
                    key=outgoing.key,
                    event_id=uuid.UUID(outgoing.id),
                    time=outgoing.time or datetime.now(UTC),
                    value=outgoing.message.SerializeToString(deterministic=True),
                    traceparent=traceparent,
                )
            )


class Relay:
    """Publishes the outbox of a service until stopped."""

    def __init__(self, outbox: Outbox, engine: sa.Engine, producer: Producer) -> None:
        self._outbox = outbox
        self._engine = engine
        self._producer = producer
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Asks the relay to end after the rows in hand."""
        self._stopping.set()
        self._outbox.wake.set()

    def run(self) -> None:
        """Runs until stopped; outages are waited out, since nothing is lost meanwhile."""
        while not self._stopping.is_set():
            try:
                sent = self.step()
            except Transient as error:
                metrics.RETRIES.labels(self._outbox.service, error.reason).inc()
                log.warning("outbox_retrying", reason=error.reason)
                self._stopping.wait(IDLE_SECONDS)
                continue
            if sent < BATCH:
                self._outbox.wake.wait(IDLE_SECONDS)
                self._outbox.wake.clear()

    def step(self) -> int:
        """Sends what is stored, at most one batch; returns how many rows."""
        table = self._outbox.table
        try:
            with self._engine.begin() as connection:
                alone = connection.scalar(
                    sa.text("select pg_try_advisory_xact_lock(hashtext(:name))"),
                    {"name": f"rapport.outbox.{self._outbox.service}.relay"},
                )
                if not alone:
                    return 0
                rows = connection.execute(
                    sa.select(table).order_by(table.c.position).limit(BATCH)
                ).all()
                metrics.OUTBOX_PENDING.labels(self._outbox.service).set(len(rows))
                futures = [self._send(row) for row in rows]
                for future in futures:
                    future.result(timeout=35)
                if rows:
                    connection.execute(
                        sa.delete(table).where(table.c.position <= rows[-1].position)
                    )
                return len(rows)
        except TimeoutError as error:
            raise Transient("not_acknowledged") from error
        except sa.exc.DBAPIError as error:
            raise (as_transient(error) or error) from error

    def _send(self, row: sa.Row[tuple[object, ...]]) -> "Future[tuple[int, int]]":
        topic = TOPICS_BY_NAME[row.topic]
        assert topic.message_type is not None
        message = topic.message_type.FromString(row.value)
        outgoing = Outgoing(topic, row.key, message, str(row.event_id), row.time)
        return self._producer.send(
            row.topic,
            key=row.key.encode(),
            value=row.value,
            headers=encode(outgoing, source=self._outbox.service, traceparent=row.traceparent),
        )
