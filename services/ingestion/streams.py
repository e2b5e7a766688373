"""Wakes those who wait for a conversation, and reads its record for them.

Each replica of the door listens on one connection. A stream reads rows after its own position,
so nothing is delivered twice or lost, whatever is missed or repeated between.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

import psycopg

from rapport.v1 import conversation_pb2
from services.common import metrics
from services.common.failures import Transient
from services.common.logs import logger
from services.ingestion.handler import CHANNEL, SHOWN
from services.ingestion.record import Entry, decode
from services.ingestion.rejections import Reason, Rejected
from services.ingestion.store import (
    Connection,
    PostgresStore,
    connection_arguments,
    connection_info,
)

log = logger(__name__)

PAGE = 100
RETRY_SECONDS = 1.0
PROBE_SECONDS = 30.0
FULL_SECONDS = 10


class _Wake(asyncio.Event):
    """Set when there is something new for one stream."""

    def __init__(self, shown: bool) -> None:
        super().__init__()
        self.shown = shown


class Streams:
    """A part of the service: the open streams of this replica."""

    def __init__(self, store: PostgresStore, database_url: str, *, most: int = 5_000) -> None:
        self._store = store
        self._info = connection_info(database_url)
        self._most = most
        self._waiting: dict[str, set[_Wake]] = {}
        self._open = 0
        self._listening = False
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Opens the store too: requests come as soon as the servers are up."""
        await self._store.start()
        self._task = asyncio.create_task(self._listen(), name="listen")

    async def drain(self) -> None:
        """Ends all streams: clients come back, to another replica or after the restart."""
        self._closing = True
        self._wake_all()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._listening = False

    def ready(self) -> bool:
        return self._listening

    def admit(self) -> None:
        """Rejected BUSY when too many streams are open."""
        if self._open >= self._most:
            raise Rejected(Reason.BUSY, retry_after=FULL_SECONDS)

    async def follow(
        self,
        conversation_id: str,
        after: int,
        way: str,
        *,
        shown: bool = False,
        idle_seconds: float = 15.0,
    ) -> AsyncGenerator[list[Entry], None]:
        """Entries after a position, as they come; an empty list whenever `idle_seconds` pass.

        `shown`: for a customer, who need not be woken for what is not shown to them. Ends when the
        service is drained. Ask `admit` first.
        """
        wake = _Wake(shown)
        self._waiting.setdefault(conversation_id, set()).add(wake)
        self._open += 1
        metrics.DOOR_STREAMS.labels(way).inc()
        try:
            while not self._closing:
                wake.clear()
                try:
                    entries = await self.read(conversation_id, after, PAGE)
                except Transient as error:
                    log.warning("stream_waits", reason=error.reason)
                    await asyncio.sleep(RETRY_SECONDS)
                    wake.set()
                    continue
                if entries:
                    after = entries[-1].position
                    yield entries
                    if len(entries) == PAGE:
                        continue
                while not wake.is_set():
                    try:
                        async with asyncio.timeout(idle_seconds):
                            await wake.wait()
                    except TimeoutError:
                        yield []
        finally:
            metrics.DOOR_STREAMS.labels(way).dec()
            self._open -= 1
            waiting = self._waiting[conversation_id]
            waiting.discard(wake)
            if not waiting:
                del self._waiting[conversation_id]

    async def read(self, conversation_id: str, after: int, limit: int) -> list[Entry]:
        """Entries of a record after a position; Transient when the database is away."""

        async def work(connection: Connection) -> list[Entry]:
            cursor = await connection.execute(
                "select position, event_id, type, payload, at from deliveries"
                " where conversation_id = %s and position > %s order by position limit %s",
                (conversation_id, after, limit),
            )
            return [
                decode(row[0], str(row[1]), row[2], row[3], row[4])
                for row in await cursor.fetchall()
            ]

        return await self._store.run(work)

    async def last_position(self, conversation_id: str) -> int:
        """Position of the newest entry; 0 when there is none."""

        async def work(connection: Connection) -> int:
            cursor = await connection.execute(
                "select last_position from records where conversation_id = %s", (conversation_id,)
            )
            row = await cursor.fetchone()
            return int(row[0]) if row else 0

        return await self._store.run(work)

    async def customer_of(self, conversation_id: str) -> str | None:
        """Whose conversation it is; None when nothing was said in it."""

        async def work(connection: Connection) -> str | None:
            cursor = await connection.execute(
                "select customer_id from conversations where conversation_id = %s",
                (conversation_id,),
            )
            row = await cursor.fetchone()
            return str(row[0]) or None if row else None

        return await self._store.run(work)

    async def latest_change(
        self, conversation_id: str
    ) -> conversation_pb2.ConversationChanged | None:
        """The newest move of a conversation; None when it has not moved."""

        async def work(connection: Connection) -> bytes | None:
            cursor = await connection.execute(
                "select changed from records where conversation_id = %s", (conversation_id,)
            )
            row = await cursor.fetchone()
            return bytes(row[0]) if row and row[0] is not None else None

        changed = await self._store.run(work)
        if changed is None:
            return None
        return conversation_pb2.ConversationChanged.FromString(changed)

    async def _listen(self) -> None:
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                await self._listen_once()
            self._listening = False
            log.warning("listening_again")
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen_once(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self._info, **connection_arguments("rapport-ingestion-listen")
        )
        async with connection:
            await connection.execute(f"listen {CHANNEL}")
            self._listening = True
            self._wake_all()  # what was told while nobody listened
            while True:
                async for notification in connection.notifies(timeout=PROBE_SECONDS):
                    shown = notification.payload.startswith(SHOWN)
                    for wake in self._waiting.get(notification.payload[1:], ()):
                        if shown or not wake.shown:
                            wake.set()
                await connection.execute("select 1")  # a connection can die in silence

    def _wake_all(self) -> None:
        for waiting in self._waiting.values():
            for wake in waiting:
                wake.set()
