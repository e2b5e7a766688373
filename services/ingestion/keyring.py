"""API keys and limits as who runs the platform sees them: made, listed, revoked, set."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import class_row

from services.ingestion.keys import BadKey, check_scopes, new_key
from services.ingestion.store import connection_info
from services.ingestion.tenancy import is_tenant


@dataclass(frozen=True)
class ListedKey:
    """A key without its secret, which nobody has."""

    key_id: str
    tenant: str
    name: str
    public: bool
    scopes: list[str]
    origins: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None


@dataclass(frozen=True)
class TenantLimits:
    """Of one tenant; None is the door's own."""

    tenant: str
    events_per_second: float | None
    burst: int | None
    event_bytes: int | None


class Keyring:
    """Works on the database directly: who may reach it may make keys."""

    def __init__(self, database_url: str) -> None:
        self._info = connection_info(database_url)

    def create(
        self,
        tenant: str,
        name: str,
        scopes: Sequence[str],
        *,
        public: bool = False,
        origins: Sequence[str] = (),
        days: int | None = None,
    ) -> tuple[str, str]:
        """(id, key): the key is shown once. BadKey when it cannot be one."""
        if not is_tenant(tenant):
            raise BadKey(
                f"{tenant!r} is no name for a tenant: lower-case letters, digits, - and _, "
                "at most 32, beginning with a letter or a digit"
            )
        check_scopes(scopes, public=public, origins=origins)
        made = new_key(public=public)
        with self._connection() as connection:
            connection.execute(
                "insert into api_keys"
                " (key_id, tenant, name, digest, public, scopes, origins, expires_at)"
                " values (%s, %s, %s, %s, %s, %s, %s, now() + %s)",
                (
                    made.key_id,
                    tenant,
                    name,
                    made.digest,
                    public,
                    sorted(set(scopes)),
                    sorted(set(origins)),
                    timedelta(days=days) if days is not None else None,
                ),
            )
        return made.key_id, made.text

    def keys(self, tenant: str | None = None) -> list[ListedKey]:
        """All keys, or those of one tenant, the oldest first."""
        with (
            self._connection() as connection,
            connection.cursor(row_factory=class_row(ListedKey)) as c,
        ):
            c.execute(
                "select key_id, tenant, name, public, scopes, origins, created_at, expires_at,"
                " revoked_at, used_at from api_keys"
                " where %(tenant)s::text is null or tenant = %(tenant)s"
                " order by created_at, key_id",
                {"tenant": tenant},
            )
            return c.fetchall()

    def revoke(self, key_id: str) -> bool:
        """Whether there was such a key that worked."""
        with self._connection() as connection:
            cursor = connection.execute(
                "update api_keys set revoked_at = now() where key_id = %s and revoked_at is null",
                (key_id,),
            )
            return cursor.rowcount == 1

    def limit(
        self,
        tenant: str,
        *,
        events_per_second: float | None,
        burst: int | None,
        event_bytes: int | None,
    ) -> None:
        """Sets a tenant's limits; what is None becomes the door's own. A bucket begins full."""
        with self._connection() as connection:
            connection.execute(
                "insert into tenant_limits as known"
                " (tenant, events_per_second, burst, event_bytes, tokens, refilled_at)"
                " values (%(tenant)s, %(rate)s, %(burst)s, %(bytes)s,"
                " coalesce(%(burst)s, 100), now())"
                " on conflict (tenant) do update"
                " set events_per_second = excluded.events_per_second, burst = excluded.burst,"
                " event_bytes = excluded.event_bytes,"
                " tokens = least(known.tokens, coalesce(excluded.burst, known.tokens))",
                {
                    "tenant": tenant,
                    "rate": events_per_second,
                    "burst": burst,
                    "bytes": event_bytes,
                },
            )

    def limits(self) -> list[TenantLimits]:
        """Tenants that have limits of their own."""
        with (
            self._connection() as connection,
            connection.cursor(row_factory=class_row(TenantLimits)) as cursor,
        ):
            cursor.execute(
                "select tenant, events_per_second, burst, event_bytes from tenant_limits"
                " where coalesce(events_per_second, burst, event_bytes) is not null order by tenant"
            )
            return cursor.fetchall()

    def _connection(self) -> AbstractContextManager[psycopg.Connection[Any]]:
        return psycopg.connect(
            self._info, autocommit=True, options="-csearch_path=ingestion", connect_timeout=5
        )
