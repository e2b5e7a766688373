"""Connections: a tenant's foreign systems, each with the secret that proves its payloads.

A vendor cannot show an API key, so the address that it calls names the connection, and the
connection the tenant; what it sends counts only once its signature was checked.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from psycopg.rows import dict_row

from services.ingestion.rejections import Reason, Rejected
from services.ingestion.sealing import Sealer
from services.ingestion.store import Connection as Database
from services.ingestion.store import PostgresStore

MOST_OF_A_TENANT = 50


@dataclass(frozen=True, slots=True)
class Connection:
    """`secret`: Twilio's token, Zendesk's key, or the ARN of the SNS topic. `address`: the door as
    the vendor calls it."""

    tenant: str
    adapter: str
    address: str
    secret: str


class Connections:
    """Over the door's pool; Transient when the database is away."""

    def __init__(self, store: PostgresStore, sealer: Sealer | None) -> None:
        self._store = store
        self._sealer = sealer

    async def create(self, made: Connection) -> dict[str, Any]:
        """The connection with the path that the vendor is to call."""
        connection_id = uuid.uuid4()
        values = {
            "id": connection_id,
            "tenant": made.tenant,
            "adapter": made.adapter,
            "address": made.address,
            "sealed": self._sealing().seal(made.secret.encode(), _place(connection_id)),
            "most": MOST_OF_A_TENANT,
        }

        async def work(database: Database) -> bool:
            cursor = await database.execute(
                "insert into adapter_connections (connection_id, tenant, adapter, address, sealed)"
                " select %(id)s, %(tenant)s, %(adapter)s, %(address)s, %(sealed)s"
                " where (select count(*) from adapter_connections where tenant = %(tenant)s)"
                " < %(most)s returning 1",
                values,
            )
            return await cursor.fetchone() is not None

        if not await self._store.run(work):
            raise Rejected(Reason.TOO_MANY, detail=f"at most {MOST_OF_A_TENANT} connections")
        return (await self._shown(made.tenant, connection_id))[0]

    async def of(self, tenant: str) -> list[dict[str, Any]]:
        """All of a tenant, without their secrets."""
        return await self._shown(tenant, None)

    async def find(self, connection_id: uuid.UUID, adapter: str) -> Connection:
        """One of this adapter; Rejected UNAUTHENTICATED where there is none."""

        async def work(database: Database) -> Any:
            cursor = await database.execute(
                "select tenant, address, sealed from adapter_connections"
                " where connection_id = %s and adapter = %s",
                (connection_id, adapter),
            )
            return await cursor.fetchone()

        row = await self._store.run(work)
        if row is None:
            raise Rejected(Reason.UNAUTHENTICATED, detail="there is no such connection")
        tenant, address, sealed = row
        try:
            secret = self._sealing().open(bytes(sealed), _place(connection_id)).decode()
        except ValueError:
            detail = "the connection was made under another RAPPORT_INGESTION_SECRET_KEY"
            raise Rejected(Reason.UNAVAILABLE, detail=detail, retry_after=60) from None
        return Connection(tenant, adapter, address, secret)

    async def delete(self, tenant: str, connection_id: uuid.UUID) -> None:
        """Ends it; Rejected NOT_FOUND where the tenant has none of this id."""

        async def work(database: Database) -> int:
            cursor = await database.execute(
                "delete from adapter_connections where connection_id = %s and tenant = %s",
                (connection_id, tenant),
            )
            return cursor.rowcount

        if not await self._store.run(work):
            raise Rejected(Reason.NOT_FOUND)

    async def _shown(self, tenant: str, connection_id: uuid.UUID | None) -> list[dict[str, Any]]:
        async def work(database: Database) -> list[dict[str, Any]]:
            async with database.cursor(row_factory=dict_row) as cursor:
                await cursor.execute(
                    "select connection_id as id, adapter, address, created_at,"
                    " address || '/v1/adapters/' || adapter || '?connection=' || connection_id"
                    " as url from adapter_connections where tenant = %(tenant)s"
                    " and (%(id)s::uuid is null or connection_id = %(id)s) order by created_at",
                    {"tenant": tenant, "id": connection_id},
                )
                return await cursor.fetchall()

        return await self._store.run(work)

    def _sealing(self) -> Sealer:
        if self._sealer is None:
            detail = "RAPPORT_INGESTION_SECRET_KEY is not set: there are no connections"
            raise Rejected(Reason.UNAVAILABLE, detail=detail, retry_after=60)
        return self._sealer


def _place(connection_id: uuid.UUID) -> str:
    return f"connection {connection_id}"
