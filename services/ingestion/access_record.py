"""Keys and token buckets in the door's record, as its event loop reads them."""

from services.ingestion.access import KnownKey
from services.ingestion.limits import Lease
from services.ingestion.store import Connection, PostgresStore

# Notes the use too, once a minute at most.
_FIND = """
with used as (
    update api_keys set used_at = now()
    where key_id = %(key_id)s and (used_at is null or used_at < now() - interval '1 minute')
)
select key_id, tenant, digest, public, scopes, origins, extract(epoch from expires_at)
from api_keys where key_id = %(key_id)s and revoked_at is null
"""
_LEASE = """
with bucket as (
    select tenant, coalesce(events_per_second, %(rate)s) as rate,
        coalesce(event_bytes, %(bytes)s) as event_bytes,
        least(
            coalesce(burst, %(burst)s),
            tokens + extract(epoch from clock_timestamp() - refilled_at)
                * coalesce(events_per_second, %(rate)s)
        ) as tokens
    from tenant_limits where tenant = %(tenant)s for update
)
update tenant_limits
set tokens = bucket.tokens - least(%(want)s, floor(bucket.tokens)), refilled_at = clock_timestamp()
from bucket where tenant_limits.tenant = bucket.tenant
returning least(%(want)s, floor(bucket.tokens))::int, rate, bucket.event_bytes
"""
_FILL = """
insert into tenant_limits (tenant, tokens, refilled_at)
values (%(tenant)s, %(burst)s, clock_timestamp()) on conflict (tenant) do nothing
"""


class AccessRecord:
    """Finds keys and leases tokens. The limits are those of tenants that have none of their own."""

    def __init__(
        self,
        store: PostgresStore,
        *,
        events_per_second: float,
        burst: int,
        event_bytes: int,
    ) -> None:
        self._store = store
        self._limits = {"rate": events_per_second, "burst": burst, "bytes": event_bytes}

    async def find_key(self, key_id: str) -> KnownKey | None:
        """The key that works under this id; Transient when the database is away."""

        async def work(connection: Connection) -> KnownKey | None:
            cursor = await connection.execute(_FIND, {"key_id": key_id})
            row = await cursor.fetchone()
            if row is None:
                return None
            key_id_, tenant, digest, public, scopes, origins, expires_at = row
            return KnownKey(
                key_id_,
                tenant,
                bytes(digest),
                public,
                frozenset(scopes),
                tuple(origins),
                float(expires_at) if expires_at is not None else None,
            )

        return await self._store.run(work)

    async def lease(self, tenant: str, want: int) -> Lease:
        values = {"tenant": tenant, "want": want, **self._limits}

        async def work(connection: Connection) -> Lease:
            cursor = await connection.execute(_LEASE, values)
            row = await cursor.fetchone()
            if row is None:
                await connection.execute(_FILL, values)
                row = await (await connection.execute(_LEASE, values)).fetchone()
            assert row is not None
            return Lease(*row)

        return await self._store.run(work)
