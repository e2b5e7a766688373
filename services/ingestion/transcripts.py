"""Transcripts that nobody agreed to have kept go once their conversation is over."""

import asyncio
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from rapport.v1 import rights_pb2
from services.common.events import NAMESPACE, Outgoing
from services.common.failures import Transient
from services.common.logs import logger
from services.common.topics import ERASURE_REQUESTED
from services.ingestion.acceptance import Publisher
from services.ingestion.consent_store import ConsentStore
from services.ingestion.tenancy import tenant_of
from services.ingestion.translation import timestamp

log = logger(__name__)

ROUND_SECONDS = 60.0


class Transcripts:
    """A part of the service: looks once a minute for conversations that are over."""

    def __init__(
        self,
        store: ConsentStore,
        publisher: Publisher,
        *,
        home: str,
        unless_refused: bool,
        minutes: int,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        round_seconds: float = ROUND_SECONDS,
    ) -> None:
        """`minutes` after it closed a conversation is over; `home` is the door's own tenant."""
        self._store = store
        self._publisher = publisher
        self._home = home
        self._unless_refused = unless_refused
        self._after = timedelta(minutes=minutes)
        self._clock = clock
        self._round_seconds = round_seconds
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._rounds(), name="transcripts")

    async def drain(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def ready(self) -> bool:
        return self._task is not None and not self._task.done()

    async def forget(self) -> int:
        """One round: tells every service, then deletes what the door has; a kill in between does
        it again. How many conversations there were."""
        now = self._clock()
        before = now - self._after
        over = await self._store.over(before, unless_refused=self._unless_refused)
        if not over:
            await self._store.settle(before)
        customers: dict[tuple[str, str], list[tuple[str, datetime]]] = {}
        for key, customer_id, began_at in over:
            whose = tenant_of(key, self._home), customer_id
            customers.setdefault(whose, []).append((key, began_at))
        for (tenant, customer_id), conversations in customers.items():
            keys = sorted(key for key, _ in conversations)
            request_id = str(uuid.uuid5(NAMESPACE, f"transcripts/{now.isoformat()}/{keys}"))
            request = rights_pb2.ErasureRequested(
                erasure_id=request_id,
                tenant=tenant,
                customer_id=customer_id,
                conversation_ids=keys,
                requested_at=timestamp(now),
                began_at=timestamp(min(began_at for _, began_at in conversations)),
                scope=rights_pb2.ERASURE_SCOPE_TRANSCRIPT,
            )
            outgoing = Outgoing(ERASURE_REQUESTED, customer_id, request, request_id, now)
            await self._publisher.publish(outgoing, None)
            await self._store.forget(keys)
        return len(over)

    async def _rounds(self) -> None:
        while True:
            try:
                if gone := await self.forget():
                    log.info("transcripts_forgotten", conversations=gone)
                    continue
            except Transient as error:
                log.warning("forgetting_later", reason=error.reason)
            await asyncio.sleep(self._round_seconds)
