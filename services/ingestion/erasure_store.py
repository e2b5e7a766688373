"""Requests for erasure in the door's database, and the answers of the services."""

import uuid
from datetime import datetime

import psycopg

from rapport.v1 import rights_pb2
from services.common.rights import erased_store
from services.ingestion.erasures import Answered, Erasure, Taken
from services.ingestion.holdings import ERASED_AT_THE_DOOR, HOLDINGS
from services.ingestion.store import Connection, PostgresStore

DOOR = "ingestion"

# A key with a slash is another tenant's than the door's own: "<tenant>/<id>".
_OF_CUSTOMER = """customer_id = %(customer_id)s
    and case when %(home)s then strpos(conversation_id, '/') = 0
        else starts_with(conversation_id, %(tenant)s || '/') end"""
_COLUMNS = """erasure_id, tenant, customer_id, conversation_ids, began_at, requested_at,
    published_at, completed_at"""


class ErasureStore:
    """All over the door's pool. Raises Transient when the database is away."""

    def __init__(self, store: PostgresStore, home: str) -> None:
        self._store = store
        self._home = home

    async def take(
        self, erasure_id: str, digest: bytes, tenant: str, customer_id: str, at: datetime
    ) -> Taken:
        """Records a request and erases what the door holds, in one transaction; what was recorded
        before, as it was. From here on nothing more is taken into those conversations."""

        async def work(connection: Connection) -> Taken:
            async with connection.transaction():
                return await self._take(connection, erasure_id, digest, tenant, customer_id, at)

        return await self._store.run(work)

    async def _take(
        self,
        connection: Connection,
        erasure_id: str,
        digest: bytes,
        tenant: str,
        customer_id: str,
        at: datetime,
    ) -> Taken:
        values = {"id": uuid.UUID(erasure_id), "digest": digest, "at": at}
        cursor = await connection.execute(
            "insert into accepted (event_id, digest, conversation_id, sequence, accepted_at)"
            " values (%(id)s, %(digest)s, '', 0, %(at)s) on conflict do nothing returning 1",
            values,
        )
        if await cursor.fetchone() is None:
            cursor = await connection.execute(
                "select digest from accepted where event_id = %(id)s", values
            )
            row = await cursor.fetchone()
            known = await _find(connection, erasure_id)
            if row is None:  # another erasure has just taken it: the id is free again
                return await self._take(connection, erasure_id, digest, tenant, customer_id, at)
            # Another event has the id: its digest says so.
            erasure = known or Erasure(erasure_id, tenant, customer_id, (), None, at)
            return Taken(erasure, bytes(row[0]), repeated=True)
        cursor = await connection.execute(
            "update conversations set customer_id = '', last_at = now()"
            f" where {_OF_CUSTOMER} returning conversation_id, began_at",
            {"customer_id": customer_id, "tenant": tenant, "home": tenant == self._home},
        )
        rows = await cursor.fetchall()
        conversation_ids = sorted(row[0] for row in rows)
        deleted = {"conversations": len(rows)}
        for held in ERASED_AT_THE_DOOR[1:]:
            cursor = await connection.execute(
                f"delete from {held.table} where conversation_id = any(%s)", (conversation_ids,)
            )
            deleted[held.table] = cursor.rowcount
        erasure = Erasure(
            erasure_id,
            tenant,
            customer_id,
            tuple(conversation_ids),
            min((row[1] for row in rows), default=None),
            at,
        )
        await connection.execute(
            "insert into erasures (erasure_id, tenant, customer_id, conversation_ids, began_at,"
            " requested_at) values (%s, %s, %s, %s, %s, %s) on conflict do nothing",
            (values["id"], tenant, customer_id, conversation_ids, erasure.began_at, at),
        )
        answer = rights_pb2.ErasureCompleted(
            stores=[erased_store(DOOR, held, deleted.get(held.table, 0)) for held in HOLDINGS]
        )
        await _answer(connection, erasure_id, DOOR, answer)
        return Taken(erasure, digest)

    async def unpublished(self, before: datetime) -> list[Erasure]:
        """Requests of before that time that the services may not know of."""

        async def work(connection: Connection) -> list[Erasure]:
            cursor = await connection.execute(
                f"select {_COLUMNS} from erasures"
                " where published_at is null and requested_at < %s order by requested_at limit 100",
                (before,),
            )
            return [_erasure(row) for row in await cursor.fetchall()]

        return await self._store.run(work)

    async def mark_published(self, erasure_id: str, at: datetime) -> None:
        """The services know of it; the customer's request is acknowledged."""
        await self._run(
            "update erasures set published_at = %s where erasure_id = %s and published_at is null",
            (at, uuid.UUID(erasure_id)),
        )

    async def mark_completed(self, erasure_id: str, at: datetime) -> None:
        """The receipt is out."""
        await self._run(
            "update erasures set completed_at = %s where erasure_id = %s and completed_at is null",
            (at, uuid.UUID(erasure_id)),
        )

    async def answer(
        self, erasure_id: str, service: str, answer: rights_pb2.ErasureCompleted
    ) -> Answered | None:
        """Records a service's answer, the first one of each; None for an unknown request."""

        async def work(connection: Connection) -> Answered | None:
            async with connection.transaction():
                if await _find(connection, erasure_id) is None:
                    return None
                await _answer(connection, erasure_id, service, answer)
            return await _answered(connection, erasure_id)

        return await self._store.run(work)

    async def find(self, erasure_id: str) -> Answered | None:
        """A request with its answers so far; None where there is none."""
        return await self._store.run(lambda connection: _answered(connection, erasure_id))

    async def open(self) -> list[tuple[datetime, datetime | None]]:
        """When each request without a receipt was made, and acknowledged."""

        async def work(connection: Connection) -> list[tuple[datetime, datetime | None]]:
            cursor = await connection.execute(
                "select requested_at, published_at from erasures where completed_at is null"
            )
            return [(row[0], row[1]) for row in await cursor.fetchall()]

        return await self._store.run(work)

    async def _run(self, statement: str, values: tuple[object, ...]) -> None:
        async def work(connection: Connection) -> None:
            await connection.execute(statement, values)

        await self._store.run(work)


async def _answer(
    connection: Connection, erasure_id: str, service: str, answer: rights_pb2.ErasureCompleted
) -> None:
    await connection.execute(
        "insert into erasure_answers (erasure_id, service, answer, answered_at)"
        " values (%s, %s, %s, now()) on conflict do nothing",
        (uuid.UUID(erasure_id), service, answer.SerializeToString(deterministic=True)),
    )


async def _find(connection: Connection, erasure_id: str) -> Erasure | None:
    cursor = await connection.execute(
        f"select {_COLUMNS} from erasures where erasure_id = %s", (uuid.UUID(erasure_id),)
    )
    row = await cursor.fetchone()
    return None if row is None else _erasure(row)


async def _answered(connection: Connection, erasure_id: str) -> Answered | None:
    erasure = await _find(connection, erasure_id)
    if erasure is None:
        return None
    cursor = await connection.execute(
        "select service, answer, answered_at from erasure_answers where erasure_id = %s"
        " order by service",
        (uuid.UUID(erasure_id),),
    )
    rows = await cursor.fetchall()
    answers = {row[0]: rights_pb2.ErasureCompleted.FromString(bytes(row[1])) for row in rows}
    return Answered(erasure, answers, max((row[2] for row in rows), default=None))


def _erasure(row: psycopg.rows.TupleRow) -> Erasure:
    return Erasure(str(row[0]), row[1], row[2], tuple(row[3]), *row[4:])
