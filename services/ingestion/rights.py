"""A customer's right to be forgotten, as the door keeps it: the request goes out to every service,
the answers come back, and the receipt says what became of each store.

CCPA regulations ask for an acknowledgement within 10 business days and an answer within 45 days
(11 CCR § 7021). Only weekends are left out of business days: a holiday that counts errs early.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from rapport.v1 import rights_pb2
from services.common import metrics
from services.common.events import Outgoing, derive_id
from services.common.failures import Transient
from services.common.logs import logger
from services.common.rights import gone_by
from services.common.topics import (
    CONSENT_CHANGED,
    ERASURE_COMPLETED,
    ERASURE_REQUESTED,
    HOLDERS,
    TOPICS,
    Topic,
)
from services.ingestion.acceptance import Publisher
from services.ingestion.erasure_store import DOOR, ErasureStore
from services.ingestion.erasures import Answered, Erasure, Taken
from services.ingestion.translation import enum_word, timestamp

log = logger(__name__)

ACKNOWLEDGE_BUSINESS_DAYS = 10
ANSWER_DAYS = 45
NEVER_DUE = timedelta(days=ANSWER_DAYS)
ROUND_SECONDS = 60.0
# One that is just being published by its request needs no help.
UNPUBLISHED_SECONDS = 60.0


_PROOF = {
    ERASURE_REQUESTED: "proof that the request was met",
    ERASURE_COMPLETED: "proof that the request was met",
    CONSENT_CHANGED: "proof of what was agreed to",
}


class Rights:
    """A part of the service: takes requests, gathers answers, watches the deadlines."""

    def __init__(
        self,
        store: ErasureStore,
        publisher: Publisher,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._publisher = publisher
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._rounds(), name="rights")

    async def drain(self) -> None:
        """What is not published yet is found again after the restart."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def ready(self) -> bool:
        return self._task is not None and not self._task.done()

    async def take(self, event_id: str, digest: bytes, tenant: str, customer_id: str) -> Taken:
        """Records a request and erases what the door holds; as it was where that was done."""
        return await self._store.take(event_id, digest, tenant, customer_id, self._clock())

    async def publish(self, erasure: Erasure, traceparent: str | None = None) -> None:
        """Tells the services. A repeat is the same event."""
        requested = rights_pb2.ErasureRequested(
            erasure_id=erasure.erasure_id,
            tenant=erasure.tenant,
            customer_id=erasure.customer_id,
            conversation_ids=erasure.conversation_ids,
            requested_at=timestamp(erasure.requested_at),
            began_at=None if erasure.began_at is None else timestamp(erasure.began_at),
        )
        outgoing = Outgoing(
            ERASURE_REQUESTED,
            erasure.customer_id,
            requested,
            erasure.erasure_id,
            erasure.requested_at,
        )
        await self._publisher.publish(outgoing, traceparent)
        await self._store.mark_published(erasure.erasure_id, self._clock())

    async def answer(
        self, erasure_id: str, service: str, stores: Iterable[rights_pb2.ErasedStore]
    ) -> bool | None:
        """Takes a service's answer; True once the receipt is out, None for an unknown request."""
        answer = rights_pb2.ErasureCompleted(stores=stores)
        answered = await self._store.answer(erasure_id, service, answer)
        if answered is None:
            return None
        if not _is_complete(answered):
            return False
        if answered.erasure.completed_at is None:
            await self._complete(answered)
        return True

    async def receipt(self, erasure_id: str, tenant: str) -> dict[str, Any] | None:
        """A tenant's request as it stands: every store, and who has yet to answer."""
        answered = await self._store.find(erasure_id)
        if answered is None or answered.erasure.tenant != tenant:
            return None
        erasure = answered.erasure
        missing = sorted({DOOR, *HOLDERS} - answered.answers.keys())
        return {
            "erasure_id": erasure.erasure_id,
            "customer_id": erasure.customer_id,
            "state": "completed" if not missing else "requested",
            "requested_at": _shown(erasure.requested_at),
            "acknowledged_at": _shown(erasure.published_at),
            "completed_at": _shown(answered.last_at) if not missing else None,
            "answer_due": _shown(erasure.requested_at + timedelta(days=ANSWER_DAYS)),
            "conversations": len(erasure.conversation_ids),
            "missing": missing,
            "stores": [_store_shown(store) for store in stores_of(answered)],
        }

    async def watch(self) -> None:
        """One round: what a kill kept from the services goes out, and deadlines are measured."""
        now = self._clock()
        for erasure in await self._store.unpublished(now - timedelta(seconds=UNPUBLISHED_SECONDS)):
            await self.publish(erasure)
        requests = await self._store.open()
        answer_due = [at + timedelta(days=ANSWER_DAYS) for at, _ in requests]
        unacknowledged = [acknowledge_by(at) for at, told in requests if told is None]
        metrics.ERASURES_OPEN.set(len(requests))
        for deadline, dues in (("acknowledge", unacknowledged), ("answer", answer_due)):
            left = min((due - now for due in dues), default=NEVER_DUE)
            metrics.ERASURE_DUE.labels(deadline).set(left.total_seconds())

    async def _rounds(self) -> None:
        while True:
            try:
                await self.watch()
            except Transient as error:
                log.warning("watching_later", reason=error.reason)
            await asyncio.sleep(ROUND_SECONDS)

    async def _complete(self, answered: Answered) -> None:
        erasure, at = answered.erasure, answered.last_at or self._clock()
        receipt = rights_pb2.ErasureCompleted(
            erasure_id=erasure.erasure_id,
            tenant=erasure.tenant,
            customer_id=erasure.customer_id,
            stores=stores_of(answered),
            requested_at=timestamp(erasure.requested_at),
            completed_at=timestamp(at),
        )
        receipt_id = derive_id(erasure.erasure_id, "completed")
        await self._publisher.publish(
            Outgoing(ERASURE_COMPLETED, erasure.customer_id, receipt, receipt_id, at), None
        )
        await self._store.mark_completed(erasure.erasure_id, at)
        log.info("erasure_completed", erasure_id=erasure.erasure_id)


def acknowledge_by(requested_at: datetime) -> datetime:
    """Ten business days later; Saturdays and Sundays do not count."""
    due, left = requested_at, ACKNOWLEDGE_BUSINESS_DAYS
    while left:
        due += timedelta(days=1)
        left -= due.weekday() < 5
    return due


def stores_of(answered: Answered) -> list[rights_pb2.ErasedStore]:
    """Every line of the receipt: what the services answered, and the topics, which forget by
    themselves."""
    lines = [line for answer in answered.answers.values() for line in answer.stores]
    at = answered.erasure.requested_at
    return lines + [_of_topic(topic, at) for topic in TOPICS if topic.retention is not None]


def _is_complete(answered: Answered) -> bool:
    return {DOOR, *HOLDERS} <= answered.answers.keys()


def _of_topic(topic: Topic, requested_at: datetime) -> rights_pb2.ErasedStore:
    line = rights_pb2.ErasedStore(service=topic.writer, store=topic.name, holds=topic.summary)
    if topic in _PROOF:
        line.fate = rights_pb2.ERASURE_FATE_KEPT
        line.why = _PROOF[topic]
        return line
    line.fate = rights_pb2.ERASURE_FATE_EXPIRES
    line.gone_by.CopyFrom(timestamp(gone_by(topic, requested_at)))
    return line


def _store_shown(store: rights_pb2.ErasedStore) -> dict[str, Any]:
    fate = enum_word(rights_pb2.ErasureFate, "ERASURE_FATE", store.fate)
    return {
        "service": store.service,
        "store": store.store,
        "holds": store.holds,
        "fate": fate,
        "deleted": store.deleted,
        "gone_by": _shown(store.gone_by.ToDatetime(UTC)) if store.HasField("gone_by") else None,
        "why": store.why or None,
    }


def _shown(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")
