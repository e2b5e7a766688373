"""Data keys of customers, each wrapped by a master key. Without its key a vault row is noise."""

import base64
import hashlib
import hmac
import os
import threading
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from cachetools import TTLCache
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from services.common.database import as_transient
from services.common.holdings import Customer
from services.redaction.cipher import KEY_BYTES, DataKey, Unreadable, subkey
from services.redaction.tables import customer_keys

_NONCE_BYTES = 12
_CACHED_KEYS = 10_000
_CACHED_SECONDS = 300


class Wrapper(Protocol):
    """Wraps data keys, as a key management service does: the master key never leaves it."""

    @property
    def key_id(self) -> str: ...

    def wrap(self, key: bytes, context: str) -> bytes: ...

    def unwrap(self, wrapped: bytes, context: str) -> bytes: ...


class MasterKey:
    """A master key that this process holds, out of the environment or a file."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the master key has to have {KEY_BYTES} bytes")
        self._aead = AESGCM(subkey(key, "wrap"))
        self._pseudonyms = subkey(key, "pseudonym")
        self.key_id = hashlib.sha256(subkey(key, "key id")).hexdigest()[:16]

    def wrap(self, key: bytes, context: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, key, context.encode())

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        """The key that was wrapped; Unreadable under another master key or context."""
        nonce, ciphertext = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
        try:
            return self._aead.decrypt(nonce, ciphertext, context.encode())
        except (InvalidTag, ValueError) as error:
            raise Unreadable from error

    def pseudonym(self, tenant: str, customer_id: str) -> str:
        """What stands for a customer's id that is personal data itself."""
        bound = f"{tenant}\0{customer_id}".encode()
        return "customer-" + hmac.new(self._pseudonyms, bound, hashlib.sha256).hexdigest()[:32]


def read_master_key(encoded: str, file: Path | None) -> MasterKey:
    """The master key in base64, or out of a file that is made on first use, readable by its owner.

    ValueError when it is no base64 of 32 bytes, or when neither is given.
    """
    if encoded:
        return MasterKey(_decoded(encoded))
    if file is None:
        raise ValueError(
            "set RAPPORT_REDACTION_MASTER_KEY (base64 of 32 bytes) or "
            "RAPPORT_REDACTION_MASTER_KEY_FILE"
        )
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = base64.b64encode(os.urandom(KEY_BYTES)) + b"\n"
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        # Written elsewhere and linked: two starts at once end up with one and the same key.
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(made)
        os.link(temporary, file)
    except FileExistsError:
        pass
    finally:
        temporary.unlink(missing_ok=True)
    if file.stat().st_mode & 0o077:
        raise ValueError(f"{file.name} must be readable by its owner alone (chmod 600)")
    return MasterKey(_decoded(file.read_text(encoding="ascii").strip()))


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise ValueError("the master key is not base64") from error


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
        fresh = self._master.wrap(os.urandom(KEY_BYTES), f"{tenant}\0{customer_id}")
        statement = insert(customer_keys).values(
            tenant=tenant, customer_id=customer_id, key_id=self._master.key_id, wrapped=fresh
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

    def forget(self, customer: Customer) -> None:
        """Drops the key of a customer who was erased."""
        with self._lock:
            self._known.pop((customer.tenant, customer.customer_id), None)

    def existing(self, tenant: str, customer_id: str) -> DataKey | None:
        with self._lock:
            known = self._known.get((tenant, customer_id))
        if known is not None:
            return known
        query = sa.select(customer_keys.c.wrapped).where(
            customer_keys.c.tenant == tenant, customer_keys.c.customer_id == customer_id
        )
        try:
            with self._engine.begin() as connection:
                wrapped = connection.execute(query).scalar_one_or_none()
        except DBAPIError as error:
            raise as_transient(error) or error from error
        if wrapped is None:
            return None
        key = DataKey(self._master.unwrap(bytes(wrapped), f"{tenant}\0{customer_id}"))
        with self._lock:
            self._known[tenant, customer_id] = key
        return key
