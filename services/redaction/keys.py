"""Data keys of customers, each wrapped by a master key. Without its key a vault row is noise."""

import os
import threading
from typing import Protocol

import sqlalchemy as sa
from cachetools import TTLCache
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from services.common.database import as_transient
from services.common.holdings import Customer
from services.redaction.cipher import KEY_BYTES, DataKey
from services.redaction.master import Wrapped, Wrapper
from services.redaction.tables import customer_keys

_CACHED_KEYS = 10_000
_CACHED_SECONDS = 300


# The row whose key makes pseudonyms: it belongs to no tenant, and a rotation leaves it what it is.
_PSEUDONYMS = ("", "")


def context_of(tenant: str, customer_id: str) -> str:
    """What a wrapped data key is bound to."""
    return f"{tenant}\0{customer_id}"


class DataKeys(Protocol):
    """Where the handler and the servicer get customers' keys."""

    def of(self, tenant: str, customer_id: str) -> DataKey:
        """The customer's key, made when there is none. Transient when it cannot be had."""

    def existing(self, tenant: str, customer_id: str) -> DataKey | None:
        """The customer's key, or None when there is none (any more)."""


class StoredKeys:
    """Customers' keys in redaction.customer_keys, wrapped; the newest used are kept in memory.

    A key that is destroyed stops working here after five minutes at most.
    """

    def __init__(self, engine: sa.Engine, master: Wrapper) -> None:
        self._engine = engine
        self._master = master
        self._lock = threading.Lock()
        self._known: TTLCache[tuple[str, str], DataKey] = TTLCache(_CACHED_KEYS, _CACHED_SECONDS)

    def of(self, tenant: str, customer_id: str) -> DataKey:
        key = self.existing(tenant, customer_id)
        if key is not None:
            return key
        fresh = self._master.wrap(os.urandom(KEY_BYTES), context_of(tenant, customer_id))
        statement = insert(customer_keys).values(
            tenant=tenant, customer_id=customer_id, key_id=fresh.key_id, wrapped=fresh.data
        )
        # Of two that make a key at once, the first one's is everybody's.
        try:
            with self._engine.begin() as connection:
                connection.execute(statement.on_conflict_do_nothing())
        except DBAPIError as error:
            raise as_transient(error) or error from error
        made = self.existing(tenant, customer_id)
        if made is None:
            raise LookupError("a customer's key vanished while it was made")
        return made

    def pseudonym(self, tenant: str, customer_id: str) -> str:
        """What stands for a customer's id that is personal data itself: the same for ever."""
        return "customer-" + self.of(*_PSEUDONYMS).fingerprint(context_of(tenant, customer_id))

    def forget(self, customer: Customer) -> None:
        """Drops the key of a customer who was erased."""
        with self._lock:
            self._known.pop((customer.tenant, customer.customer_id), None)

    def existing(self, tenant: str, customer_id: str) -> DataKey | None:
        with self._lock:
            known = self._known.get((tenant, customer_id))
        if known is not None:
            return known
        query = sa.select(customer_keys.c.key_id, customer_keys.c.wrapped).where(
            customer_keys.c.tenant == tenant, customer_keys.c.customer_id == customer_id
        )
        try:
            with self._engine.begin() as connection:
                row = connection.execute(query).one_or_none()
        except DBAPIError as error:
            raise as_transient(error) or error from error
        if row is None:
            return None
        wrapped = Wrapped(row.key_id, bytes(row.wrapped))
        key = DataKey(self._master.unwrap(wrapped, context_of(tenant, customer_id)))
        with self._lock:
            self._known[tenant, customer_id] = key
        return key
