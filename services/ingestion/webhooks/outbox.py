"""The outbox in PostgreSQL: who is to be told what, and who of the replicas tells it.

A line is one conversation on its way to one receiver: its events go one after the other, and lines
wait for each other nowhere. A replica leases a line for LEASE_SECONDS, longer than an attempt may
take; what it settles counts only while it holds the lease. A replica that is killed lets the lease
run out, and another goes on with the same event and the same id.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.ingestion.store import Connection, PostgresStore

LEASE_SECONDS = 30.0
KEEP_DELIVERED_DAYS = 3
Settled = Literal["delivered", "retried", "dead"]

_CLAIM = """
with claimed as (
    select found.* from subscriptions
    left join unnest(%(busy)s::uuid[], %(room)s::int[]) as mine (id, room)
        on mine.id = subscriptions.subscription_id
    cross join lateral (
        select subscription_id, conversation_id from webhook_lines
        where subscription_id = subscriptions.subscription_id
            and pending > 0 and next_at <= now()
        order by next_at limit coalesce(mine.room, %(each)s)
        for update skip locked
    ) as found
    where subscriptions.state = 'active'
)
update webhook_lines as line
set lease = %(lease)s, next_at = now() + make_interval(secs => %(seconds)s)
from claimed
where line.subscription_id = claimed.subscription_id
    and line.conversation_id = claimed.conversation_id
returning line.subscription_id, line.conversation_id
"""
_NEXT = """
select position, event_id, type, payload, at, attempts, tenant, url, sealed, reveal
from webhook_events join subscriptions using (subscription_id)
where subscription_id = %(subscription_id)s and conversation_id = %(conversation_id)s
    and webhook_events.state = 'pending' and subscriptions.state = 'active'
    and exists (
        select from webhook_lines as line
        where line.subscription_id = webhook_events.subscription_id
            and line.conversation_id = webhook_events.conversation_id and lease = %(lease)s
    )
order by position limit 1
"""
# What is done twice, since the connection died after the first time, changes nothing the second.
_SETTLE = """
with settled as (
    update webhook_events set state = %(state)s, attempts = attempts + 1, error = %(error)s,
        done_at = case when %(state)s = 'pending' then null else now() end
    where position = %(position)s and state = 'pending' and attempts = %(attempts)s
        and exists (
            select from webhook_lines
            where subscription_id = %(subscription_id)s
                and conversation_id = %(conversation_id)s and lease = %(lease)s
        )
    returning state
)
update webhook_lines
set pending = pending - (select count(*) from settled where state <> 'pending'),
    lease = case when %(state)s = 'pending' then null else lease end,
    next_at = now() + make_interval(secs => %(seconds)s)
where subscription_id = %(subscription_id)s and conversation_id = %(conversation_id)s
    and lease = %(lease)s
returning true
"""
_RELEASE = """
update webhook_lines set lease = null, next_at = now() + make_interval(secs => %(seconds)s)
where subscription_id = %(subscription_id)s and conversation_id = %(conversation_id)s
    and lease = %(lease)s
"""
_WAITING = """
select count(*), coalesce(extract(epoch from now() - min(at)), 0)
from webhook_events join subscriptions using (subscription_id)
where webhook_events.state = 'pending' and subscriptions.state = 'active'
"""
_PURGES = (
    "delete from webhook_events where state = 'delivered'"
    f" and done_at < now() - interval '{KEEP_DELIVERED_DAYS} days'",
    # What was deleted while it waited is waited for no more.
    "update webhook_lines as line set pending = 0 where pending > 0 and lease is null"
    " and not exists (select from webhook_events as event"
    " where event.subscription_id = line.subscription_id"
    " and event.conversation_id = line.conversation_id and event.state = 'pending')",
    "delete from webhook_lines where pending = 0 and next_at < now() - interval '1 hour'",
)


@dataclass(frozen=True, slots=True)
class Leased:
    """A line that this replica has."""

    subscription_id: uuid.UUID
    conversation_id: str
    lease: uuid.UUID

    def values(self) -> dict[str, object]:
        return {
            "subscription_id": self.subscription_id,
            "conversation_id": self.conversation_id,
            "lease": self.lease,
        }


@dataclass(frozen=True, slots=True)
class Told:
    """One event for one receiver. `sealed` is the receiver's secret."""

    position: int
    event_id: str
    type: str
    payload: bytes
    at: datetime
    attempts: int
    tenant: str
    url: str
    sealed: bytes
    reveal: bool


class Outbox:
    """What the sender asks of the record; Transient when the database is away."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def claim(self, rooms: Mapping[uuid.UUID, int], each: int) -> list[Leased]:
        """Lines to work on: at most `each` of a receiver, or its room where it has less."""
        lease = uuid.uuid4()
        values = {
            "busy": list(rooms),
            "room": list(rooms.values()),
            "each": each,
            "lease": lease,
            "seconds": LEASE_SECONDS,
        }

        async def work(connection: Connection) -> list[Leased]:
            rows = await (await connection.execute(_CLAIM, values)).fetchall()
            return [Leased(row[0], row[1], lease) for row in rows]

        return await self._store.run(work)

    async def next(self, line: Leased) -> Told | None:
        """The oldest event of a line; None when there is none, or the line is not ours any more."""

        async def work(connection: Connection) -> Told | None:
            row = await (await connection.execute(_NEXT, line.values())).fetchone()
            if row is None:
                return None
            position, event_id, type_, payload, at, attempts, tenant, url, sealed, reveal = row
            return Told(
                position,
                str(event_id),
                type_,
                bytes(payload),
                at,
                attempts,
                tenant,
                url,
                bytes(sealed),
                reveal,
            )

        return await self._store.run(work)

    async def settle(
        self, line: Leased, told: Told, outcome: Settled, *, error: str = "", wait: float = 0.0
    ) -> bool:
        """Whether it counted, and the line is still ours where the event is done.

        A line that is done with its event stays leased, from now on; one that is to be tried again
        is given back for `wait` seconds.
        """
        again = outcome == "retried"
        values = line.values() | {
            "position": told.position,
            "attempts": told.attempts,
            "state": "pending" if again else outcome,
            "error": error,
            "seconds": wait if again else LEASE_SECONDS,
        }

        async def work(connection: Connection) -> bool:
            cursor = await connection.execute(_SETTLE, values)
            return await cursor.fetchone() is not None

        return await self._store.run(work)

    async def release(self, line: Leased, wait: float = 0.0) -> None:
        """Gives a line back."""

        async def work(connection: Connection) -> None:
            await connection.execute(_RELEASE, line.values() | {"seconds": wait})

        await self._store.run(work)

    async def pause(self, subscription_id: uuid.UUID, reason: str) -> None:
        """Stops telling a receiver until its subscription is resumed."""

        async def work(connection: Connection) -> None:
            await connection.execute(
                "update subscriptions set state = 'paused', reason = %s where subscription_id = %s",
                (reason, subscription_id),
            )

        await self._store.run(work)

    async def waiting(self) -> tuple[int, float]:
        """How many events wait for their receivers, and the age of the oldest in seconds."""

        async def work(connection: Connection) -> tuple[int, float]:
            row = await (await connection.execute(_WAITING)).fetchone()
            assert row is not None
            return int(row[0]), float(row[1])

        return await self._store.run(work)

    async def purge(self) -> None:
        """Deletes what was delivered some days ago; what is older, the door purges as all else."""

        async def work(connection: Connection) -> None:
            for statement in _PURGES:
                await connection.execute(statement)

        await self._store.run(work)
