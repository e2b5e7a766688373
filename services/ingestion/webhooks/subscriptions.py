"""Subscriptions: made, listed, paused, deleted, and what was not delivered sent once more."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from services.ingestion.rejections import Reason, Rejected, Violation
from services.ingestion.sealing import Sealer
from services.ingestion.store import Connection, PostgresStore
from services.ingestion.tenancy import own_id
from services.ingestion.webhooks import content, signing
from services.ingestion.webhooks.connecting import Guard, Refused
from services.ingestion.webhooks.sender import Sender

MOST_OF_A_TENANT = 20

_SHOWN = """
select subscription_id, url, events, filters, reveal, state, reason, created_at,
    (select count(*) from webhook_events as event
        where event.subscription_id = subscriptions.subscription_id
            and event.state = 'pending') as pending,
    (select count(*) from webhook_events as event
        where event.subscription_id = subscriptions.subscription_id
            and event.state = 'dead') as dead
from subscriptions
where tenant = %(tenant)s
    and (%(subscription_id)s::uuid is null or subscription_id = %(subscription_id)s)
order by created_at, subscription_id
"""
# Two at once must not both be the last: the lock is the tenant's, until the statement ends.
_CREATE = """
with held as (select pg_advisory_xact_lock(hashtext('rapport.subscriptions.' || %(tenant)s)))
insert into subscriptions
    (subscription_id, tenant, url, events, filters, reveal, sealed, state)
select %(subscription_id)s, %(tenant)s, %(url)s, %(events)s, %(filters)s, %(reveal)s,
    %(sealed)s, 'active'
from held where (select count(*) from subscriptions where tenant = %(tenant)s) < %(most)s
returning subscription_id
"""
_REPLAY = """
with chosen as (
    select position from webhook_events
    where subscription_id = %(subscription_id)s and state = %(state)s
        and (%(since)s::timestamptz is null or at >= %(since)s)
        and (%(event_ids)s::uuid[] is null or event_id = any(%(event_ids)s))
    for update
), again as (
    update webhook_events set state = 'pending', attempts = 0, error = '', done_at = null
    from chosen where webhook_events.position = chosen.position
    returning conversation_id
), counted as (
    select conversation_id, count(*)::int as events from again group by conversation_id
), lines as (
    insert into webhook_lines as known (subscription_id, conversation_id, pending)
    select %(subscription_id)s, conversation_id, events from counted
    on conflict (subscription_id, conversation_id) do update
        set pending = known.pending + excluded.pending,
            next_at = case when known.lease is null then now() else known.next_at end
)
select count(*) from again
"""


@dataclass(frozen=True)
class Wish:
    """What somebody wants to be told, checked by the routes."""

    url: str
    events: Sequence[str]
    filters: Mapping[str, Sequence[str]]
    reveal: bool


class Subscriptions:
    """Subscriptions of tenants; nobody reaches those of another."""

    def __init__(
        self, store: PostgresStore, guard: Guard, sender: Sender, sealer: Sealer | None
    ) -> None:
        self._store = store
        self._guard = guard
        self._sender = sender
        self._sealer = sealer

    async def create(self, tenant: str, wish: Wish) -> dict[str, Any]:
        """The subscription with its secret, which is shown this once."""
        if self._sealer is None:
            detail = "RAPPORT_INGESTION_SECRET_KEY is not set: there are no webhooks"
            raise Rejected(Reason.UNAVAILABLE, detail=detail, retry_after=60)
        try:
            await self._guard.check(wish.url)
        except Refused as error:
            violation = Violation("url", str(error))
            raise Rejected(Reason.FORBIDDEN_URL, violation) from None
        subscription_id, secret = uuid.uuid4(), signing.new_secret()
        values = {
            "subscription_id": subscription_id,
            "tenant": tenant,
            "url": wish.url,
            "events": list(dict.fromkeys(wish.events)),
            "filters": Jsonb({name: list(words) for name, words in wish.filters.items()}),
            "reveal": wish.reveal,
            "sealed": self._sealer.seal(secret, f"subscription {subscription_id}"),
            "most": MOST_OF_A_TENANT,
        }

        async def work(connection: Connection) -> bool:
            return await (await connection.execute(_CREATE, values)).fetchone() is not None

        if not await self._store.run(work):
            raise Rejected(Reason.TOO_MANY, detail=f"at most {MOST_OF_A_TENANT} subscriptions")
        return await self.get(tenant, subscription_id) | {"secret": signing.shown(secret)}

    async def all(self, tenant: str) -> list[dict[str, Any]]:
        """All of a tenant, the oldest first."""
        return await self._shown(tenant, None)

    async def get(self, tenant: str, subscription_id: uuid.UUID) -> dict[str, Any]:
        """One; Rejected NOT_FOUND where the tenant has none of this id."""
        found = await self._shown(tenant, subscription_id)
        if not found:
            raise Rejected(Reason.NOT_FOUND)
        return found[0]

    async def delete(self, tenant: str, subscription_id: uuid.UUID) -> None:
        """Ends it, and forgets what it was to be told."""
        await self._change(
            "delete from subscriptions where subscription_id = %(id)s and tenant = %(tenant)s",
            tenant,
            subscription_id,
        )

    async def turn(self, tenant: str, subscription_id: uuid.UUID, state: str) -> dict[str, Any]:
        """Pauses or resumes; what happens meanwhile waits."""
        await self._change(
            "update subscriptions set state = %(state)s, reason = ''"
            " where subscription_id = %(id)s and tenant = %(tenant)s",
            tenant,
            subscription_id,
            state=state,
        )
        self._sender.wake()
        return await self.get(tenant, subscription_id)

    async def test(self, tenant: str, subscription_id: uuid.UUID) -> dict[str, Any]:
        """Sends a signed event of its own at once, and says what came of it."""

        async def work(connection: Connection) -> Any:
            cursor = await connection.execute(
                "select url, sealed from subscriptions where subscription_id = %s and tenant = %s",
                (subscription_id, tenant),
            )
            return await cursor.fetchone()

        found = await self._store.run(work)
        if found is None:
            raise Rejected(Reason.NOT_FOUND)
        url, sealed = found
        event_id = str(uuid.uuid4())
        body = content.body(
            type_=content.TESTED,
            event_id=event_id,
            key="",
            at=datetime.now(UTC),
            message=None,
            tenant=tenant,
        )
        error, _ = await self._sender.post(subscription_id, bytes(sealed), url, event_id, body)
        return {"event_id": event_id, "delivered": not error, "error": error or None}

    async def replay(
        self,
        tenant: str,
        subscription_id: uuid.UUID,
        *,
        state: str,
        since: datetime | None,
        event_ids: Sequence[uuid.UUID] | None,
    ) -> int:
        """Queues dead or delivered events once more, with their ids; how many."""
        await self.get(tenant, subscription_id)
        values = {
            "subscription_id": subscription_id,
            "state": state,
            "since": since,
            "event_ids": list(event_ids) if event_ids is not None else None,
        }

        async def work(connection: Connection) -> int:
            row = await (await connection.execute(_REPLAY, values)).fetchone()
            assert row is not None
            return int(row[0])

        queued = await self._store.run(work)
        self._sender.wake()
        return queued

    async def deliveries(
        self, tenant: str, subscription_id: uuid.UUID, *, state: str, limit: int
    ) -> list[dict[str, Any]]:
        """The newest events of one state, without their content."""
        await self.get(tenant, subscription_id)

        async def work(connection: Connection) -> list[dict[str, Any]]:
            async with connection.cursor(row_factory=dict_row) as cursor:
                await cursor.execute(
                    "select event_id::text, type, conversation_id, at, attempts, error, done_at"
                    " from webhook_events where subscription_id = %s and state = %s"
                    " order by position desc limit %s",
                    (subscription_id, state, limit),
                )
                return await cursor.fetchall()

        rows = await self._store.run(work)
        return [row | {"conversation_id": own_id(row["conversation_id"])} for row in rows]

    async def _shown(self, tenant: str, subscription_id: uuid.UUID | None) -> list[dict[str, Any]]:
        values = {"tenant": tenant, "subscription_id": subscription_id}

        async def work(connection: Connection) -> list[dict[str, Any]]:
            async with connection.cursor(row_factory=dict_row) as cursor:
                await cursor.execute(_SHOWN, values)
                return await cursor.fetchall()

        return [
            {"id": str(row.pop("subscription_id")), **row} for row in await self._store.run(work)
        ]

    async def _change(
        self, statement: str, tenant: str, subscription_id: uuid.UUID, **more: object
    ) -> None:
        values = {"tenant": tenant, "id": subscription_id, **more}

        async def work(connection: Connection) -> int:
            return (await connection.execute(statement, values)).rowcount

        if not await self._store.run(work):
            raise Rejected(Reason.NOT_FOUND)
