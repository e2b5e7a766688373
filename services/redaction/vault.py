"""The vault: values behind placeholders, each encrypted under its customer's key.

No security code and no password is ever kept, and of a card only the last four digits.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from services.common.database import as_transient
from services.redaction.cipher import DataKey, Sealed
from services.redaction.entities import Kind
from services.redaction.placeholders import UNKEPT, Numbered
from services.redaction.tables import reveals, vault
from services.redaction.values import digits_of

_WHOLE_CARD = 13  # digits; fewer than that are a part, whose end is not the card's end


@dataclass(frozen=True, slots=True)
class VaultRow:
    tenant: str
    conversation_id: str
    placeholder: str
    customer_id: str
    type: str
    sealed: Sealed
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One reveal: who asked, and the types of what was shown."""

    conversation_id: str
    caller: str
    types: tuple[str, ...]
    revealed_at: datetime


def kept_value(numbered: Numbered) -> str | None:
    """What the vault keeps of a value; None when nothing may be kept."""
    kind = numbered.found.kind
    if kind in UNKEPT:
        return None
    if kind is Kind.CREDIT_CARD:
        digits = digits_of(numbered.value)
        if len(digits) == 4 or len(digits) >= _WHOLE_CARD:
            return f"ending in {digits[-4:]}"
        return None
    return numbered.value


def place_of(tenant: str, conversation_id: str, placeholder: str) -> str:
    """What a row's ciphertext is bound to."""
    return f"vault\0{tenant}\0{conversation_id}\0{placeholder}"


def rows_of(
    numbered: Iterable[Numbered],
    key: DataKey,
    tenant: str,
    conversation_id: str,
    customer_id: str,
    at: datetime,
) -> list[VaultRow]:
    """Vault rows of a message's values, one for each placeholder."""
    rows: dict[str, VaultRow] = {}
    for each in numbered:
        value = kept_value(each)
        if value is None:
            continue
        place = place_of(tenant, conversation_id, each.placeholder)
        rows[each.placeholder] = VaultRow(
            tenant,
            conversation_id,
            each.placeholder,
            customer_id,
            str(each.found.kind),
            key.seal(value.encode(), place),
            at,
        )
    return list(rows.values())


def store(connection: sa.Connection, rows: list[VaultRow]) -> None:
    """Writes rows; of a placeholder that is there already, the longer value stays.

    "Maria" is followed by "Maria Lopez", half a number by the whole of it.
    """
    statement = insert(vault).values(
        [
            {
                "tenant": row.tenant,
                "conversation_id": row.conversation_id,
                "placeholder": row.placeholder,
                "customer_id": row.customer_id,
                "type": row.type,
                "nonce": row.sealed.nonce,
                "ciphertext": row.sealed.ciphertext,
                "stored_at": row.stored_at,
            }
            for row in rows
        ]
    )
    new = statement.excluded
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[vault.c.tenant, vault.c.conversation_id, vault.c.placeholder],
            set_={
                "customer_id": new.customer_id,
                "nonce": new.nonce,
                "ciphertext": new.ciphertext,
                "stored_at": new.stored_at,
            },
            where=sa.or_(
                sa.func.length(new.ciphertext) >= sa.func.length(vault.c.ciphertext),
                new.customer_id != vault.c.customer_id,
            ),
        )
    )


class Vault:
    """Reads of the vault, and the audit of them."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def read(self, tenant: str, conversation_id: str, placeholders: set[str]) -> list[VaultRow]:
        """Rows behind placeholders of one conversation. Transient when the database is away."""
        query = sa.select(vault).where(
            vault.c.tenant == tenant,
            vault.c.conversation_id == conversation_id,
            vault.c.placeholder.in_(sorted(placeholders)),
        )
        try:
            with self._engine.begin() as connection:
                found = connection.execute(query).all()
        except DBAPIError as error:
            raise as_transient(error) or error from error
        return [
            VaultRow(
                row.tenant,
                row.conversation_id,
                row.placeholder,
                row.customer_id,
                row.type,
                Sealed(bytes(row.nonce), bytes(row.ciphertext)),
                row.stored_at,
            )
            for row in found
        ]

    def audit(
        self,
        tenant: str,
        conversation_id: str,
        caller: str,
        purpose: str,
        types: list[str],
        at: datetime,
    ) -> None:
        """Records a reveal before the values leave. Transient when the database is away."""
        row = {
            "tenant": tenant,
            "conversation_id": conversation_id,
            "caller": caller,
            "purpose": purpose,
            "types": types,
            "revealed_at": at,
        }
        try:
            with self._engine.begin() as connection:
                connection.execute(sa.insert(reveals).values(row))
        except DBAPIError as error:
            raise as_transient(error) or error from error

    def audited(self, tenant: str, purpose: str, limit: int) -> list[AuditRow]:
        """The newest reveals for a purpose, first. Transient when the database is away."""
        query = (
            sa.select(reveals)
            .where(reveals.c.tenant == tenant, reveals.c.purpose == purpose)
            .order_by(reveals.c.revealed_at.desc(), reveals.c.position.desc())
            .limit(limit)
        )
        try:
            with self._engine.begin() as connection:
                found = connection.execute(query).all()
        except DBAPIError as error:
            raise as_transient(error) or error from error
        return [
            AuditRow(row.conversation_id, row.caller, tuple(row.types), row.revealed_at)
            for row in found
        ]
