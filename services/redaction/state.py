"""A conversation's memory as it is stored: what is personal in it sealed, the rest in clear."""

import base64
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from services.redaction.cipher import DataKey, Sealed, Unreadable
from services.redaction.memory import Memory, Person, Value
from services.redaction.view import Pending


@dataclass(frozen=True, slots=True)
class Personal:
    """The part of a memory that may hold personal data."""

    pending: Pending | None = None
    people: tuple[Person, ...] = ()
    values: tuple[Value, ...] = ()
    not_people: tuple[str, ...] = ()
    company: tuple[str, ...] = ()
    unclaimed: str = ""


@dataclass(frozen=True, slots=True)
class RedactionState:
    """`clear` has no personal data; `sealed` is base64 of nonce and ciphertext, or empty; `heard`
    is the id of the bot's newest reply that is in it."""

    customer_id: str
    clear: Memory
    nonce: str = ""
    sealed: str = ""
    heard: str = ""


_PERSONAL = TypeAdapter(Personal)
_NOTHING = Personal()


def _place(tenant: str, conversation_id: str) -> str:
    return f"state\0{tenant}\0{conversation_id}"


def personal_of(memory: Memory) -> Personal | None:
    """The personal part, None when it is empty."""
    part = Personal(
        memory.pending,
        memory.people,
        memory.values,
        memory.not_people,
        memory.company,
        memory.unclaimed,
    )
    return None if part == _NOTHING else part


def store_memory(
    memory: Memory,
    key: DataKey | None,
    tenant: str,
    conversation_id: str,
    customer_id: str,
    heard: str = "",
) -> RedactionState:
    """The state to store. `key` may be None only where nothing is personal."""
    part = personal_of(memory)
    clear = replace(
        memory, pending=None, people=(), values=(), not_people=(), company=(), unclaimed=""
    )
    if part is None:
        return RedactionState(customer_id, clear, heard=heard)
    if key is None:
        raise ValueError("a memory with personal data needs a key")
    sealed = key.seal(_PERSONAL.dump_json(part), _place(tenant, conversation_id))
    return RedactionState(
        customer_id,
        clear,
        base64.b64encode(sealed.nonce).decode(),
        base64.b64encode(sealed.ciphertext).decode(),
        heard,
    )


def load_memory(
    state: RedactionState, key: DataKey | None, tenant: str, conversation_id: str
) -> Memory:
    """The memory of a stored state. Without its key (erased) only the numbering goes on."""
    if not state.sealed:
        return state.clear
    if key is None:
        return state.clear
    sealed = Sealed(base64.b64decode(state.nonce), base64.b64decode(state.sealed))
    try:
        part = _PERSONAL.validate_json(key.open(sealed, _place(tenant, conversation_id)))
    except Unreadable:
        return state.clear
    return replace(
        state.clear,
        pending=part.pending,
        people=part.people,
        values=part.values,
        not_people=part.not_people,
        company=part.company,
        unclaimed=part.unclaimed,
    )
