"""The door's records in PostgreSQL: places of accepted events, and what is to be delivered."""

import asyncio
import secrets
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import psycopg
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy import make_url

from rapport.v1 import conversation_pb2, message_pb2
from services.common.answering import Holder, holder
from services.common.failures import Transient
from services.ingestion.acceptance import Claim, Place
from services.ingestion.holdings import HOLDINGS
from services.ingestion.rejections import Reason, Rejected, Violation

R = TypeVar("R")
Connection = psycopg.AsyncConnection[TupleRow]

# One statement, one transaction, one round trip: an event that is not known yet takes the next
# place of its conversation. No row comes back when it is known, or has no right to a place.
_TAKE = """
with conversation as ({conversation}),
record as (select changed, replied from records where conversation_id = %(conversation_id)s)
insert into accepted (event_id, digest, conversation_id, sequence, accepted_at)
select %(event_id)s, %(digest)s, %(conversation_id)s, last_sequence, now() from conversation
returning sequence,
    (select customer_id from conversation), (select channel from conversation),
    (select changed from record), (select replied from record)
"""
_NEW = "not exists (select from accepted where event_id = %(event_id)s)"
_TAKE_NAMED = _TAKE.format(
    conversation=f"""
    insert into conversations as known
        (conversation_id, customer_id, channel, last_sequence, began_at, last_at)
    select %(conversation_id)s, %(customer_id)s, %(channel)s, 1, now(), now() where {_NEW}
    on conflict (conversation_id) do update
        set last_sequence = known.last_sequence + 1, last_at = excluded.last_at
        where known.customer_id = excluded.customer_id
    returning customer_id, channel, last_sequence
    """
)
_TAKE_UNNAMED = _TAKE.format(
    conversation=f"""
    update conversations set last_sequence = last_sequence + 1, last_at = now()
    where conversation_id = %(conversation_id)s and customer_id <> '' and {_NEW}
    returning customer_id, channel, last_sequence
    """
)
_TAKE_ASIDE = _TAKE.format(
    conversation=f"""
    select customer_id, channel, 0 as last_sequence from conversations
    where conversation_id = %(conversation_id)s and customer_id <> '' and {_NEW}
    """
)
_FIND = """
select sequence, customer_id, channel, changed, replied, digest, published
from accepted left join conversations using (conversation_id)
left join records using (conversation_id)
where event_id = %(event_id)s
"""
_MOVE_TO_END = """
with overtaken as (
    update conversations set last_sequence = last_sequence + 1, last_at = now()
    from accepted
    where conversations.conversation_id = accepted.conversation_id
        and accepted.event_id = %(event_id)s and last_sequence > accepted.sequence
    returning last_sequence
)
update accepted
set sequence = coalesce((select last_sequence from overtaken), sequence)
where event_id = %(event_id)s
returning sequence
"""


def connection_info(database_url: str) -> str:
    """What psycopg takes, of the URL in the settings."""
    return make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)


def connection_arguments(application: str = "rapport-ingestion") -> dict[str, Any]:
    """Arguments of every connection of the door."""
    return {
        "autocommit": True,
        "options": "-csearch_path=ingestion",
        "application_name": application,
        "connect_timeout": 5,
    }


class PostgresStore:
    """A pool of asyncio connections. A part of the service: start before use, drain at the end."""

    def __init__(
        self, database_url: str, *, connections: int = 10, wait_seconds: float = 2.0
    ) -> None:
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            connection_info(database_url),
            kwargs=connection_arguments(),
            min_size=min(2, connections),
            max_size=connections,
            timeout=wait_seconds,
            open=False,
            name="door",
        )
        self._started = False

    async def start(self) -> None:
        """Opens the pool, once; Transient when the database is away."""
        if self._started:
            return
        try:
            await self._pool.open(wait=True, timeout=10)
        except PoolTimeout as error:
            raise Transient("database_away") from error
        self._started = True

    async def drain(self) -> None:
        self._started = False
        await self._pool.close()

    def ready(self) -> bool:
        return self._started

    async def run(self, work: Callable[[Connection], Awaitable[R]]) -> R:
        """Does `work` on a connection; a second time when the first connection proves dead.

        Everything done here may be done twice: a connection can die after its commit.
        """
        try:
            try:
                return await self._once(work)
            except psycopg.OperationalError as error:
                if isinstance(error, PoolTimeout):
                    raise
                await self._pool.check()  # the others are most likely as dead
                return await self._once(work)
        except psycopg.OperationalError as error:
            raise Transient(f"database_{type(error).__name__.lower()}") from error

    async def _once(self, work: Callable[[Connection], Awaitable[R]]) -> R:
        async with self._pool.connection() as connection:
            done = await work(connection)
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            # Until Python 3.12, a wait for a connection that ends as it is cancelled forgets the
            # cancellation: a stream whose customer has gone would be followed for ever.
            raise asyncio.CancelledError
        return done

    async def digest_key(self) -> bytes:
        """The key of digests that the database keeps where the settings give none."""

        async def work(connection: Connection) -> bytes:
            await connection.execute(
                "insert into digest_key (one, key) values (true, %s) on conflict do nothing",
                (secrets.token_bytes(32),),
            )
            cursor = await connection.execute("select key from digest_key")
            row = await cursor.fetchone()
            assert row is not None
            return bytes(row[0])

        return await self.run(work)

    async def take(self, claim: Claim) -> Place:
        return await self.run(lambda connection: _take(connection, claim))

    async def move_to_end(self, event_id: str) -> int:
        async def work(connection: Connection) -> int:
            cursor = await connection.execute(_MOVE_TO_END, {"event_id": uuid.UUID(event_id)})
            row = await cursor.fetchone()
            if row is None:  # purged meanwhile
                raise Transient("accepted_row_gone")
            return int(row[0])

        return await self.run(work)

    async def mark_published(self, event_ids: list[str]) -> None:
        async def work(connection: Connection) -> None:
            await connection.execute(
                "update accepted set published = true where event_id = any(%s)",
                ([uuid.UUID(event_id) for event_id in event_ids],),
            )

        await self.run(work)

    async def purge(self) -> None:
        """Deletes what is too old to be repeated or asked for, and conversations in which nothing
        has been said for as long: their next message begins them anew."""

        async def work(connection: Connection) -> None:
            for each in (held for held in HOLDINGS if held.keep is not None):
                await connection.execute(
                    f"delete from {each.table} where {each.aged_by} < now() - %s", (each.keep,)
                )

        await self.run(work)


def _holder(changed: bytes | None) -> Holder:
    """Who has a conversation, by the newest move in its record."""
    if changed is None:
        return Holder()
    return holder(conversation_pb2.ConversationChanged.FromString(changed))


def _last_reply(replied: bytes | None) -> message_pb2.LastReply | None:
    """What the bot said last, unless a person has written since."""
    return message_pb2.LastReply.FromString(replied) if replied else None


async def _take(connection: Connection, claim: Claim) -> Place:
    if not claim.counts:
        statement = _TAKE_ASIDE
    elif claim.customer_id is None:
        statement = _TAKE_UNNAMED
    else:
        statement = _TAKE_NAMED
    values = {
        "event_id": uuid.UUID(claim.event_id),
        "digest": claim.digest,
        "conversation_id": claim.conversation_id,
        "customer_id": claim.customer_id,
        "channel": claim.channel,
    }
    try:
        taken = await (await connection.execute(statement, values)).fetchone()
    except psycopg.errors.UniqueViolation:  # another replica, or another conversation, was quicker
        taken = None
    if taken is not None:
        sequence, customer_id, channel, changed, replied = taken
        return Place(
            sequence, customer_id, channel, claim.digest, _holder(changed), _last_reply(replied)
        )
    found = await (await connection.execute(_FIND, values)).fetchone()
    if found is not None:
        sequence, customer_id, channel, changed, replied, digest, published = found
        return Place(
            sequence,
            customer_id,
            channel,
            bytes(digest),
            _holder(changed),
            _last_reply(replied),
            repeated=True,
            published=published,
        )
    cursor = await connection.execute(
        "select customer_id from conversations where conversation_id = %(conversation_id)s", values
    )
    known = await cursor.fetchone()
    if known is not None and known[0] == "":
        raise Rejected(Reason.ERASED_CONVERSATION)
    if claim.customer_id is None or known is None:
        raise Rejected(
            Reason.UNKNOWN_CONVERSATION,
            Violation("data.conversation_id", "is not one that anything was said in"),
        )
    raise Rejected(
        Reason.OTHER_CUSTOMER, Violation("data.customer_id", "is not the conversation's customer")
    )
