"""Takes an event once, gives it its place in the conversation, and publishes it.

An event is accepted when the broker has acknowledged it. The place is stored before that, so a
repeat finds it: the same content is answered with the same id again, other content is refused.
Whatever fails in between leaves nothing that a repeat would not complete.
"""

import asyncio
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import orjson

from rapport.v1 import message_pb2
from services.common import metrics
from services.common.answering import Holder
from services.common.events import NAMESPACE, Outgoing
from services.common.failures import Transient
from services.common.logs import logger
from services.common.topics import FEEDBACK_GIVEN, MESSAGE_RECEIVED
from services.common.tracing import span
from services.ingestion.cloudevents import content_digest
from services.ingestion.consents import Consent, Known
from services.ingestion.contract import (
    MODELS,
    CloudEvent,
    ConsentChanged,
    ErasureRequested,
    FeedbackGiven,
    MessageSent,
    PersonRequested,
)
from services.ingestion.erasures import Erasure, Taken
from services.ingestion.locks import Locks
from services.ingestion.rejections import Reason, Rejected, Violation
from services.ingestion.reveal import Redactor
from services.ingestion.tenancy import conversation_key
from services.ingestion.translation import channel_number, feedback_given, message_received

log = logger(__name__)

BUSY_SECONDS = 1
AWAY_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Claim:
    """What is asked of the store for one event.

    `customer_id` is None where the event does not name a customer: the conversation must be known
    then. `counts` says whether the event takes a place in the conversation's order.
    """

    event_id: str
    digest: bytes
    conversation_id: str
    customer_id: str | None
    channel: int
    counts: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event stands. `customer_id` and `channel` are the conversation's; by what is in its
    record, `holder` is who has it and `last_reply` what the bot said last."""

    sequence: int
    customer_id: str
    channel: int
    digest: bytes
    holder: Holder
    last_reply: message_pb2.LastReply | None = None
    repeated: bool = False
    published: bool = False


class Store(Protocol):
    """Records of what was accepted. Raises Transient when the database is away."""

    async def take(self, claim: Claim) -> Place:
        """The place of an event, new or as it was; Rejected UNKNOWN_CONVERSATION or
        OTHER_CUSTOMER where the conversation does not allow it."""

    async def move_to_end(self, event_id: str) -> int:
        """New sequence of an event that others have overtaken; as it was where none have."""

    async def mark_published(self, event_ids: list[str]) -> None: ...

    async def digest_key(self) -> bytes:
        """The key of digests that the store keeps, for doors that were given none."""


class Publisher(Protocol):
    """Raises Transient when the broker does not acknowledge."""

    async def publish(self, outgoing: Outgoing, traceparent: str | None) -> None: ...


class Rights(Protocol):
    """Takes requests for erasure: see rights.py."""

    async def take(self, event_id: str, digest: bytes, tenant: str, customer_id: str) -> Taken: ...

    async def publish(self, erasure: Erasure, traceparent: str | None = None) -> None: ...


class Consents(Protocol):
    """What customers agree to: see consent_store.py."""

    async def take(self, event_id: str, digest: bytes, consent: Consent) -> Known | None: ...

    async def admit_outreach(self, tenant: str, customer_id: str, key: str) -> None:
        """Rejected OPTED_OUT where this begins a conversation that the customer does not want."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to an accepted event. `sequence` is 0 for feedback, which takes no place."""

    event_id: str
    sequence: int
    repeated: bool


def event_id_of(tenant: str, source: str, sender_id: str) -> str:
    """UUIDv5 of (tenant, source, id): the same event has the same id for ever."""
    return str(uuid.uuid5(NAMESPACE, orjson.dumps([tenant, source, sender_id]).decode()))


class Acceptor:
    """Accepts events, whichever way they came in. Bound to one event loop."""

    def __init__(
        self,
        store: Store,
        publisher: Publisher,
        rights: Rights,
        redactor: Redactor,
        consents: Consents,
        *,
        tenant: str,
        digest_key: bytes | None = None,
        patience_seconds: float = 5.0,
        max_in_flight: int = 1000,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._publisher = publisher
        self._rights = rights
        self._redactor = redactor
        self._consents = consents
        self.tenant = tenant
        self._digest_key = digest_key
        self._patience_seconds = patience_seconds
        self._max_in_flight = max_in_flight
        self.clock = clock
        self._locks = Locks()
        self._in_flight = 0
        # Acknowledged by the broker, and not yet marked so in the store.
        self._acknowledged: set[str] = set()
        self.acknowledged = asyncio.Event()

    async def accept(
        self,
        event: CloudEvent,
        way: str,
        *,
        tenant: str | None = None,
        traceparent: str | None = None,
        wait: bool = False,
    ) -> Receipt:
        """Publishes `event` unless that was done before; returns once the broker has it.

        `tenant` is whose conversation it is; None: that of the door itself. Raises Rejected:
        ID_CONFLICT, UNKNOWN_CONVERSATION, OTHER_CUSTOMER, and within a bounded time BUSY or
        UNAVAILABLE. `wait` is for a caller that bounds itself what it sends.
        """
        began = time.perf_counter()
        try:
            if self._in_flight >= self._max_in_flight and not wait:
                raise Rejected(Reason.BUSY, retry_after=BUSY_SECONDS)
            self._in_flight += 1
            try:
                with span(f"accept {event.type}", event.traceparent or traceparent) as passed_on:
                    receipt = await self._bounded(event, tenant or self.tenant, passed_on)
            finally:
                self._in_flight -= 1
        except Rejected as rejected:
            metrics.DOOR_EVENTS.labels(way, event.type, rejected.reason.code).inc()
            raise
        outcome = "repeated" if receipt.repeated else "accepted"
        metrics.DOOR_EVENTS.labels(way, event.type, outcome).inc()
        metrics.DOOR_SECONDS.labels(way).observe(time.perf_counter() - began)
        return receipt

    async def settle(self) -> None:
        """Marks what the broker has acknowledged; Transient when the database is away."""
        settled = list(self._acknowledged)
        if settled:
            await self._store.mark_published(settled)
            self._acknowledged.difference_update(settled)

    async def _bounded(self, event: CloudEvent, tenant: str, traceparent: str | None) -> Receipt:
        try:
            async with asyncio.timeout(self._patience_seconds):
                return await self._accept(event, tenant, traceparent)
        except TimeoutError:
            reason = "out_of_time"
        except Transient as error:
            reason = error.reason
        log.warning("not_accepted", reason=reason)
        raise Rejected(Reason.UNAVAILABLE, retry_after=AWAY_SECONDS)

    async def _accept(self, event: CloudEvent, tenant: str, traceparent: str | None) -> Receipt:
        data = event.data
        key = conversation_key(tenant, self.tenant, data.conversation_id)
        event_id = event_id_of(tenant, event.source, event.id)
        named = data.customer_id if isinstance(data, MessageSent | PersonRequested) else None
        if isinstance(data, ErasureRequested):
            return await self._erase(event, event_id, tenant, data.customer_id, traceparent)
        if isinstance(data, ConsentChanged):
            return await self._consent(event, data, event_id, tenant, traceparent)
        if isinstance(data, MessageSent) and data.author == "agent":
            await self._consents.admit_outreach(tenant, data.customer_id, key)
        received_at = self.clock()
        # Taken before anything is waited for, and held until the broker acknowledges: the order
        # of arrival is the order of the sequence and of the topic.
        async with self._locks.hold(key):
            claim = Claim(
                event_id=event_id,
                digest=content_digest(event, await self._key()),
                conversation_id=key,
                customer_id=named,
                channel=channel_number(event),
                counts=not isinstance(data, FeedbackGiven),
            )
            place = await self._store.take(claim)
            sequence = place.sequence
            if place.repeated:
                if place.digest != claim.digest:
                    raise _id_conflict()
                if place.published or event_id in self._acknowledged:
                    return Receipt(event_id, sequence, repeated=True)
                if claim.counts:
                    sequence = await self._store.move_to_end(event_id)
            comment = ""
            if isinstance(data, FeedbackGiven) and data.comment:
                comment = await self._redactor.redact(key, data.comment)
            outgoing = _outgoing(
                event, event_id, tenant, key, place, sequence, received_at, comment
            )
            await self._publisher.publish(outgoing, traceparent)
            self._acknowledged.add(event_id)
            self.acknowledged.set()
        return Receipt(event_id, sequence, repeated=place.repeated)

    async def _erase(
        self,
        event: CloudEvent,
        event_id: str,
        tenant: str,
        customer_id: str,
        traceparent: str | None,
    ) -> Receipt:
        digest = content_digest(event, await self._key())
        taken = await self._rights.take(event_id, digest, tenant, customer_id)
        if taken.digest != digest:
            raise _id_conflict()
        if taken.erasure.published_at is None:
            await self._rights.publish(taken.erasure, traceparent)
        return Receipt(event_id, 0, taken.repeated)

    async def _consent(
        self,
        event: CloudEvent,
        data: ConsentChanged,
        event_id: str,
        tenant: str,
        traceparent: str | None,
    ) -> Receipt:
        digest = content_digest(event, await self._key())
        consent = Consent(tenant, data.customer_id, data.to, data.granted, self.clock())
        known = await self._consents.take(event_id, digest, consent)
        if known is not None and known.digest != digest:
            raise _id_conflict()
        if known is None or not (known.published or event_id in self._acknowledged):
            await self._publisher.publish(consent.changed(event_id), traceparent)
            self._acknowledged.add(event_id)
            self.acknowledged.set()
        return Receipt(event_id, 0, known is not None)

    async def _key(self) -> bytes:
        if self._digest_key is None:
            self._digest_key = await self._store.digest_key()
        return self._digest_key


def _outgoing(
    event: CloudEvent,
    event_id: str,
    tenant: str,
    key: str,
    place: Place,
    sequence: int,
    received_at: datetime,
    comment: str,
) -> Outgoing:
    if isinstance(event.data, FeedbackGiven):
        feedback = feedback_given(
            event,
            event_id=event_id,
            tenant=tenant,
            key=key,
            received_at=received_at,
            comment=comment,
        )
        return Outgoing(FEEDBACK_GIVEN, key, feedback, event_id, received_at)
    message = message_received(
        event,
        event_id=event_id,
        tenant=tenant,
        key=key,
        customer_id=place.customer_id,
        channel=place.channel,
        sequence=sequence,
        received_at=received_at,
        holder=place.holder,
        last_reply=place.last_reply,
    )
    return Outgoing(MESSAGE_RECEIVED, key, message, event_id, received_at)


def _id_conflict() -> Rejected:
    return Rejected(Reason.ID_CONFLICT, Violation("id", "was used with other content before"))


async def accept_in_order(
    acceptor: Acceptor,
    events: Sequence[CloudEvent],
    way: str,
    *,
    traceparents: Sequence[str | None],
    tenant: str | None = None,
    wait: bool = False,
) -> list[Receipt | Rejected]:
    """Accepts several events: in order within a conversation, side by side otherwise.

    Once an event has to be tried again, those after it in its conversation are not tried at all:
    they would overtake it.
    """
    outcomes: dict[int, Receipt | Rejected] = {}
    conversations: dict[str, list[int]] = {}
    for index, event in enumerate(events):
        conversations.setdefault(event.data.conversation_id, []).append(index)

    async def one_conversation(indexes: list[int]) -> None:
        held: Rejected | None = None
        for index in indexes:
            if held is not None:
                outcomes[index] = held
                continue
            try:
                outcomes[index] = await acceptor.accept(
                    events[index],
                    way,
                    tenant=tenant,
                    traceparent=traceparents[index],
                    wait=wait,
                )
            except Rejected as rejected:
                outcomes[index] = rejected
                held = rejected if rejected.reason.transient else None

    await asyncio.gather(*map(one_conversation, conversations.values()))
    return [outcomes[index] for index in range(len(events))]


def count_refusal(way: str, rejected: Rejected, kind: object = None) -> None:
    """Counts an event that did not get as far as the acceptor."""
    known = kind if isinstance(kind, str) and kind in MODELS else "unknown"
    metrics.DOOR_EVENTS.labels(way, known, rejected.reason.code).inc()
