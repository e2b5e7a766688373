"""Redacts what a customer says about a conversation, not in it: the comment of a rating.

It is read with what was learned in the conversation, so that a name told there is known here, and
it leaves no trace: nothing is numbered and the vault keeps no value. "[PERSON] was great, call
[PHONE]" is all that there will ever be: nobody needs the number to learn from a rating.
"""

from collections.abc import Callable

import psycopg
from pydantic import TypeAdapter
from sqlalchemy.exc import DBAPIError

from services.common import metrics
from services.common.database import as_transient
from services.common.failures import Transient
from services.common.ledger import Found
from services.common.logs import logger
from services.redaction.allowed import Allowed
from services.redaction.conversation import read_turn
from services.redaction.entities import Author
from services.redaction.keys import DataKeys
from services.redaction.memory import Memory
from services.redaction.state import RedactionState, load_memory

log = logger(__name__)

_STATE = TypeAdapter(RedactionState)


class Comments:
    """Redacts comments. `find` gives what is stored of conversations, as Ledger.find."""

    def __init__(
        self, find: Callable[[list[str], list[str]], Found], keys: DataKeys, allowed: Allowed
    ) -> None:
        self._find = find
        self._keys = keys
        self._allowed = allowed

    def redact(self, tenant: str, conversation_id: str, text: str) -> str | None:
        """The text with types in place of personal data; None where that cannot be said of it.

        Transient when the database is away.
        """
        try:
            memory, fingerprint = self._learned(tenant, conversation_id)
            found = read_turn(text, Author.CUSTOMER, memory, self._allowed, fingerprint).found
        except Transient:
            raise
        except (DBAPIError, psycopg.Error) as error:
            raise as_transient(error) or error from error
        except Exception as error:
            metrics.WITHHELD.inc()
            log.error("comment_withheld", error=type(error).__name__)
            return None
        for each in sorted(found, key=lambda each: each.start, reverse=True):
            text = f"{text[: each.start]}[{each.kind}]{text[each.end :]}"
            metrics.ENTITIES.labels(str(each.kind)).inc()
        return text

    def _learned(self, tenant: str, conversation_id: str) -> tuple[Memory, Callable[[str], str]]:
        """The conversation's memory, and by what it knows values again."""
        stored = self._find([], [conversation_id]).states
        if not stored:
            return Memory(), _unknown
        state = _STATE.validate_json(stored[0][2])
        key = self._keys.existing(tenant, state.customer_id)
        memory = load_memory(state, key, tenant, conversation_id)
        return memory, _unknown if key is None else key.fingerprint


def _unknown(value: str) -> str:
    """The fingerprint where there is nothing to know a value by."""
    return ""
