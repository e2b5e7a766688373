"""How much a tenant may send: a token bucket in the record, one for all replicas of the door.

A replica leases tokens a tenth of a second's worth at a time, so that a tenant costs ten short
statements a second at most, however much it sends. Libraries keep their buckets in memory, where
each replica would allow the whole rate, or in a Redis, which nothing else here needs.
"""

import asyncio
import math
import time
from dataclasses import dataclass, field
from typing import Protocol

from cachetools import TTLCache

from services.ingestion.access import Caller
from services.ingestion.rejections import Reason, Rejected

KNOWN_TENANTS = 10_000
FORGET_SECONDS = 600.0
WAITING = 100


@dataclass(frozen=True, slots=True)
class Lease:
    """What the record gives: tokens, and the tenant's limits."""

    tokens: int
    events_per_second: float
    event_bytes: int


class Buckets(Protocol):
    """The buckets of all tenants; Transient when the record is away."""

    async def lease(self, tenant: str, want: int) -> Lease:
        """At most `want` tokens, as many as there are."""


@dataclass
class _Share:
    """This replica's tokens of one tenant."""

    tokens: int = 0
    events_per_second: float = 0.0
    event_bytes: int = 0
    empty_until: float = 0.0
    waiting: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Limiter:
    """Takes tokens for events before their bodies are read."""

    def __init__(self, buckets: Buckets) -> None:
        self._buckets = buckets
        self._shares: TTLCache[str, _Share] = TTLCache(KNOWN_TENANTS, FORGET_SECONDS)

    async def take(self, caller: Caller, events: int = 1) -> int | None:
        """The largest event in bytes that the tenant may send, None for no limit of its own.

        Rejected RATE_LIMITED, with the seconds to wait, when its bucket is empty.
        """
        if not caller.limited:
            return None
        share = self._shares.get(caller.tenant) or _Share()
        self._shares[caller.tenant] = share
        if share.tokens < events:
            await self._refill(caller.tenant, share, events)
        share.tokens -= events
        return share.event_bytes

    async def _refill(self, tenant: str, share: _Share, events: int) -> None:
        if share.waiting >= WAITING:
            raise _too_fast(1.0)
        share.waiting += 1
        try:
            async with share.lock:
                missing = events - share.tokens
                if missing <= 0:
                    return
                wait = share.empty_until - time.monotonic()
                if wait > 0:
                    raise _too_fast(wait)
                tenth = math.ceil(share.events_per_second / 10)
                lease = await self._buckets.lease(tenant, max(missing, tenth))
                share.tokens += lease.tokens
                share.events_per_second = lease.events_per_second
                share.event_bytes = lease.event_bytes
                missing = events - share.tokens
                if missing > 0:
                    wait = missing / lease.events_per_second
                    share.empty_until = time.monotonic() + min(wait, 1.0)
                    raise _too_fast(wait)
        finally:
            share.waiting -= 1


def _too_fast(seconds: float) -> Rejected:
    return Rejected(Reason.RATE_LIMITED, retry_after=max(1, math.ceil(seconds)))
