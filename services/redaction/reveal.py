"""Puts values back in place of placeholders, and has each time recorded."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.redaction.cipher import Unreadable
from services.redaction.keys import DataKeys
from services.redaction.placeholders import PLACEHOLDER
from services.redaction.vault import AuditRow, Vault, place_of


@dataclass(frozen=True, slots=True)
class Revealed:
    """The text for the customer, and the types of what was put back, one for each placeholder."""

    text: str
    types: tuple[str, ...]


class Revealing:
    """Reveals placeholders of one conversation of one tenant; those of others stay as they are."""

    def __init__(self, vault: Vault, keys: DataKeys, clock: Callable[[], datetime]) -> None:
        self._vault = vault
        self._keys = keys
        self._clock = clock

    def reveal(
        self, tenant: str, conversation_id: str, text: str, caller: str, purpose: str
    ) -> Revealed:
        """Audited before the values leave. Transient when the database is away."""
        wanted = {match.group() for match in PLACEHOLDER.finditer(text)}
        if not wanted:
            return Revealed(text, ())
        values: dict[str, tuple[str, str]] = {}
        for row in self._vault.read(tenant, conversation_id, wanted):
            key = self._keys.existing(tenant, row.customer_id)
            if key is None:
                continue
            try:
                plain = key.open(row.sealed, place_of(tenant, conversation_id, row.placeholder))
            except Unreadable:
                continue
            values[row.placeholder] = (plain.decode(), row.type)
        if not values:
            return Revealed(text, ())
        types = tuple(sorted(kind for _, kind in values.values()))
        self._vault.audit(tenant, conversation_id, caller, purpose, list(types), self._clock())
        # One pass: a value that looks like a placeholder is not taken for one.
        put_back = PLACEHOLDER.sub(
            lambda match: values[match.group()][0] if match.group() in values else match.group(),
            text,
        )
        return Revealed(put_back, types)

    def audited(self, tenant: str, purpose: str, limit: int) -> list[AuditRow]:
        """The newest reveals for a purpose. Transient when the database is away."""
        return self._vault.audited(tenant, purpose, limit)
