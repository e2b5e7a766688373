"""What every service that holds something of a customer runs: erasure on request, and retention.

A consumer of its own, so that an erasure never waits behind messages, nor they behind it. The door
writes the receipt, so each service tells it over gRPC what was deleted: after the commit, and again
after a restart, since the answer is kept with the event's id.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

import grpc
import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from rapport.v1 import rights_pb2, rights_pb2_grpc
from services.common import holdings, metrics
from services.common.database import as_transient
from services.common.events import Event, Outgoing, derive_id
from services.common.failures import Transient
from services.common.handling import Result
from services.common.holdings import Customer, Holding
from services.common.ledger import Ledger
from services.common.logs import logger
from services.common.rpc import blocking_channel
from services.common.service import ConsumerPart
from services.common.settings import ServiceSettings
from services.common.topics import ERASURE_COMPLETED, ERASURE_REQUESTED, Topic

log = logger(__name__)

CALL_SECONDS = 5.0
Erase = Callable[[sa.Connection, Customer], dict[str, int]]
"""Deletes in the transaction what only the service itself knows how to; rows by table."""


class Answers(Protocol):
    """Takes what a service has deleted to the door; Transient when it cannot be reached."""

    def send(self, answer: rights_pb2.ErasureCompleted) -> None: ...


class DoorAnswers:
    """Answers over gRPC."""

    def __init__(self, service: str, address: str) -> None:
        self._service = service
        self._channel = blocking_channel(address)

    def send(self, answer: rights_pb2.ErasureCompleted) -> None:
        request = rights_pb2.AnswerRequest(
            erasure_id=answer.erasure_id, service=self._service, stores=answer.stores
        )
        stub = rights_pb2_grpc.ErasureServiceStub(self._channel)
        try:
            stub.Answer(request, timeout=CALL_SECONDS)
        except grpc.RpcError as error:
            if error.code() is grpc.StatusCode.NOT_FOUND:
                # The door's own records were lost or are not of this event: nobody waits for it.
                log.warning("erasure_unknown_at_the_door", erasure_id=answer.erasure_id)
                return
            raise Transient("door_away") from error


class ErasureProcessor:
    """Erases a customer in one transaction, then answers. Nothing goes out to topics."""

    reads: tuple[Topic, ...] = (ERASURE_REQUESTED,)

    def __init__(
        self,
        service: str,
        engine: sa.Engine,
        held: Sequence[Holding],
        answers: Answers,
        *,
        known_as: Callable[[str, str], str] = lambda tenant, customer_id: customer_id,
        first: Erase | None = None,
        erased: Callable[[Customer], None] = lambda customer: None,
    ) -> None:
        """`known_as` gives the customer's id within the service, of tenant and id; `first` erases
        in the transaction before the tables are, and `erased` runs after the commit."""
        self.service = service
        self._engine = engine
        self._held = tuple(held)
        self._answers = answers
        self._known_as = known_as
        self._first = first
        self._erased = erased
        self._ledger = Ledger(service, engine)

    def process(self, events: Sequence[Event[Any]]) -> list[Result]:
        """One event after the other: there are few, and each may touch much."""
        try:
            return [self._process(event) for event in events]
        except (DBAPIError, psycopg.Error) as error:
            raise as_transient(error) or error from error

    def forget(self) -> None:
        """Nothing is cached here."""

    def purge(self) -> None:
        """Deletes what is older than its limit, in every table of the service."""
        try:
            gone = holdings.purge(self._engine, self.service, self._held)
        except DBAPIError as error:
            raise as_transient(error) or error from error
        for table, rows in gone.items():
            metrics.RETENTION_DELETED.labels(self.service, table).inc(rows)

    def _process(self, event: Event[Any]) -> Result:
        request: rights_pb2.ErasureRequested = event.message
        if not request.erasure_id or not request.customer_id or not request.tenant:
            return Result(failure="missing_id")
        if request.scope == rights_pb2.ERASURE_SCOPE_TRANSCRIPT:
            self._forget(event, request)
            return Result(traceparent=event.traceparent)
        found = self._ledger.find([event.id]).handled.get(event.id)
        answer = found[0].message if found else self._erase(event, request)
        assert isinstance(answer, rights_pb2.ErasureCompleted)
        self._answers.send(answer)
        return Result(traceparent=event.traceparent, repeated=found is not None)

    def _forget(self, event: Event[Any], request: rights_pb2.ErasureRequested) -> None:
        """Deletes what was said; done twice it is the same. Nobody waits for an answer."""
        customer = self._customer(request)
        with self._engine.begin() as connection:
            for each in self._held:
                holdings.forget(connection, self.service, each, customer)

    def _customer(self, request: rights_pb2.ErasureRequested) -> Customer:
        return Customer(
            request.tenant,
            self._known_as(request.tenant, request.customer_id),
            tuple(request.conversation_ids),
            request.began_at.ToDatetime(UTC) if request.HasField("began_at") else None,
        )

    def _erase(
        self, event: Event[Any], request: rights_pb2.ErasureRequested
    ) -> rights_pb2.ErasureCompleted:
        customer = self._customer(request)
        answer = rights_pb2.ErasureCompleted(
            erasure_id=request.erasure_id, tenant=request.tenant, customer_id=request.customer_id
        )
        with self._engine.begin() as connection:
            done = self._first(connection, customer) if self._first else {}
            for each in self._held:
                rows = done.get(each.table, 0)
                rows += holdings.erase(connection, self.service, each, customer)
                answer.stores.append(erased_store(self.service, each, rows))
            kept = Outgoing(ERASURE_COMPLETED, event.key, answer, derive_id(event.id, self.service))
            self._ledger.store((), {event.id: (kept,)}, within=connection)
        self._erased(customer)
        rows = sum(store.deleted for store in answer.stores)
        log.info("customer_erased", erasure_id=request.erasure_id, rows=rows)
        return answer


def erased_store(service: str, holding: Holding, rows: int) -> rights_pb2.ErasedStore:
    """One line of the receipt."""
    kept = bool(holding.why_kept)
    return rights_pb2.ErasedStore(
        service=service,
        store=holding.table,
        holds=holding.holds,
        fate=rights_pb2.ERASURE_FATE_KEPT if kept else rights_pb2.ERASURE_FATE_DELETED,
        deleted=rows,
        why=holding.why_kept,
    )


def rights_part(
    service: str,
    settings: ServiceSettings,
    engine: sa.Engine,
    producer: Any,
    held: Sequence[Holding],
    **how: Any,
) -> ConsumerPart:
    """The consumer of one service; `how` is for ErasureProcessor. It waits as long as it takes for
    the door to be back: what customers say now must not stop for that."""
    answers = DoorAnswers(service, settings.erasure_address)
    processor = ErasureProcessor(service, engine, held, answers, **how)
    patient = settings.model_copy(update={"retry_seconds": float("inf"), "pace_seconds": 0.0})
    return ConsumerPart(patient, processor, producer, group=f"{service}.rights")


def gone_by(topic: Topic, requested_at: datetime) -> datetime:
    """When a topic has forgotten what was in it then: segments are deleted as a whole."""
    assert topic.retention is not None, "a topic about customers forgets"
    return requested_at + topic.retention + topic.segment
