"""Who is at the door, for which tenant, and what they may do.

A caller shows an API key or an OIDC token as `Authorization: Bearer …`; the tenant comes from it
and from nowhere else. Only a door that listens on loopback may be open, for development.
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Protocol

from cachetools import TTLCache

from services.common.failures import Transient
from services.ingestion.contract import CloudEvent, ErasureRequested, FeedbackGiven
from services.ingestion.keys import SCOPES, Presented, read_key, same
from services.ingestion.rejections import Reason, Rejected

FRESH_SECONDS = 5.0
CACHED_KEYS = 10_000
LOOKUPS_AT_ONCE = 4
ALL_SCOPES = frozenset(SCOPES)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who was let in. `key_id` is empty for a token and for an open door."""

    tenant: str
    scopes: frozenset[str]
    key_id: str = ""
    public: bool = False
    origins: tuple[str, ...] = ()
    expires_at: float | None = None
    limited: bool = True

    def may(self, scope: str) -> bool:
        return scope in self.scopes or "admin" in self.scopes

    def require_for(self, event: CloudEvent) -> None:
        """Rejected FORBIDDEN unless the caller may send this event."""
        if isinstance(event.data, ErasureRequested):
            self.require("privacy")
        else:
            self.require("feedback" if isinstance(event.data, FeedbackGiven) else "publish")

    def require_any(self, *scopes: str) -> None:
        """Rejected FORBIDDEN unless the caller has one of these scopes."""
        if not any(self.may(scope) for scope in scopes):
            raise Rejected(Reason.FORBIDDEN, detail=f"this needs the scope {' or '.join(scopes)}")

    def require(self, *scopes: str) -> None:
        """Rejected FORBIDDEN unless the caller has all of these scopes."""
        for scope in scopes:
            if not self.may(scope):
                raise Rejected(Reason.FORBIDDEN, detail=f"this needs the scope {scope}")


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key as it is kept. Times are seconds since the epoch."""

    key_id: str
    tenant: str
    digest: bytes
    public: bool
    scopes: frozenset[str]
    origins: tuple[str, ...] = ()
    expires_at: float | None = None


class Keys(Protocol):
    """Finds a key that works; None for one that is unknown or revoked."""

    async def find_key(self, key_id: str) -> KnownKey | None: ...


class Tokens(Protocol):
    """Reads a token of an identity provider; Rejected UNAUTHENTICATED when it is not valid."""

    async def caller(self, token: str) -> Caller: ...


def unauthenticated(detail: str) -> Rejected:
    return Rejected(Reason.UNAUTHENTICATED, detail=detail)


@dataclass
class Access:
    """Lets callers in. `open_for` names the tenant of an open door; None asks everybody for a key.

    A key that is revoked stops working within FRESH_SECONDS, on streams that are open too.
    """

    keys: Keys
    tokens: Tokens | None = None
    open_for: str | None = None
    _known: "TTLCache[str, KnownKey | None]" = field(
        default_factory=lambda: TTLCache(CACHED_KEYS, FRESH_SECONDS)
    )
    # Guesses must not take the door's connections to the database from everybody else.
    _lookups: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LOOKUPS_AT_ONCE))

    async def caller(self, authorization: str | None, *scopes: str) -> Caller:
        """Who shows this header, with all of `scopes`; Rejected UNAUTHENTICATED or FORBIDDEN."""
        if authorization is None:
            if self.open_for is None:
                raise unauthenticated("an API key or a token is needed: Authorization: Bearer …")
            return Caller(self.open_for, ALL_SCOPES, limited=False)
        scheme, _, credential = authorization.strip().partition(" ")
        if scheme.lower() != "bearer" or not credential.strip():
            raise unauthenticated("the scheme of Authorization must be Bearer")
        caller = await self._of(credential.strip())
        caller.require(*scopes)
        return caller

    async def page(self, key: str, origin: str | None) -> Caller:
        """The page that shows a public key; it must be one of the key's origins."""
        presented = read_key(key)
        if presented is None or not presented.public:
            raise unauthenticated("only a public key may stand in an address")
        caller = await self._of_key(presented)
        caller.require("chat")
        if origin not in caller.origins:
            raise Rejected(Reason.FORBIDDEN_ORIGIN)
        return caller

    async def still(self, caller: Caller) -> bool:
        """Whether a caller who was let in before would be let in now; an outage is no reason."""
        if caller.expires_at is not None and caller.expires_at <= time.time():
            return False
        try:
            return not caller.key_id or await self._find(caller.key_id) is not None
        except Transient:
            return True

    async def _of(self, credential: str) -> Caller:
        presented = read_key(credential)
        if presented is not None:
            if presented.public:
                raise unauthenticated("a public key is for the chat of a page alone")
            return await self._of_key(presented)
        if self.tokens is not None and credential.count(".") == 2:
            return await self.tokens.caller(credential)
        raise unauthenticated("the key is not valid")

    async def _of_key(self, presented: Presented) -> Caller:
        known = await self._find(presented.key_id)
        valid = known is not None and same(known.digest, presented.digest)
        if known is None or not valid or known.public != presented.public:
            raise unauthenticated("the key is not valid")
        if known.expires_at is not None and known.expires_at <= time.time():
            raise unauthenticated("the key has expired")
        return Caller(
            known.tenant,
            known.scopes,
            known.key_id,
            known.public,
            known.origins,
            known.expires_at,
        )

    async def _find(self, key_id: str) -> KnownKey | None:
        if key_id in self._known:
            return self._known[key_id]
        async with self._lookups:
            found = await self.keys.find_key(key_id)
        self._known[key_id] = found
        return found
