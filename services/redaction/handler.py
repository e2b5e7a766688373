"""message.received in, message.redacted out. Fails closed: what cannot be read does not pass."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from rapport.v1 import common_pb2, message_pb2
from services.common import metrics
from services.common.events import Event, Outgoing, derive_id
from services.common.failures import Transient, Unprocessable
from services.common.handling import Handled, Write
from services.common.logs import logger
from services.common.topics import MESSAGE_RECEIVED, MESSAGE_REDACTED, Topic
from services.redaction import vault
from services.redaction.allowed import Allowed
from services.redaction.attributes import redact_attributes
from services.redaction.cipher import DataKey
from services.redaction.conversation import Reading, hear, read_turn
from services.redaction.entities import Author
from services.redaction.identity import is_personal
from services.redaction.keys import DataKeys
from services.redaction.memory import Memory
from services.redaction.placeholders import Numbered, number, replace_spans
from services.redaction.state import RedactionState, load_memory, personal_of, store_memory

log = logger(__name__)

_AUTHORS = {
    common_pb2.AUTHOR_CUSTOMER: Author.CUSTOMER,
    common_pb2.AUTHOR_AGENT: Author.AGENT,
    common_pb2.AUTHOR_BOT: Author.BOT,
}
_TEXTLESS = frozenset(
    {message_pb2.MESSAGE_KIND_PERSON_REQUESTED, message_pb2.MESSAGE_KIND_CONVERSATION_ENDED}
)
Read = Callable[[str, Author, Memory, Allowed, Callable[[str], str]], Reading]


@dataclass(frozen=True, slots=True)
class _Redacted:
    text: str = ""
    numbered: tuple[Numbered, ...] = ()
    places: tuple[tuple[int, int], ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)
    attribute_values: tuple[Numbered, ...] = ()
    memory: Memory = field(default_factory=Memory)
    withheld: bool = False


class RedactionHandler:
    """Redacts messages with the conversation's memory; learns from the bot's replies what it
    asked."""

    service = "redaction"
    reads: tuple[Topic, ...] = (MESSAGE_RECEIVED,)
    state_type = RedactionState

    def __init__(
        self,
        keys: DataKeys,
        pseudonym: Callable[[str, str], str],
        *,
        allowed: Allowed | None = None,
        longest_text: int = 100_000,
        read: Read = read_turn,
    ) -> None:
        """`pseudonym` of tenant and customer id; `longest_text` in code points."""
        self._keys = keys
        self._pseudonym = pseudonym
        self._allowed = allowed or Allowed()
        self._longest_text = longest_text
        self._read = read

    def handle(self, event: Event[Any], state: RedactionState | None) -> Handled[RedactionState]:
        message: message_pb2.MessageReceived = event.message
        author = _author(event, message)
        ref = message_pb2.MessageRef()
        ref.CopyFrom(message.ref)
        ref.attributes.clear()
        ref.customer_id = self.known_as(ref.tenant, ref.customer_id)
        owner = ref.customer_id or (state.customer_id if state is not None else "")
        key = _Key(partial(self._keys.of, ref.tenant, owner))
        memory = self._memory(state, ref.tenant, event.key)
        reply = message.last_reply
        heard = state.heard if state is not None else ""
        if reply.reply_id not in ("", heard):
            memory, heard = _heard(reply, memory, event), reply.reply_id
        text = "" if message.kind in _TEXTLESS else message.text
        redacted = self._redact(event, text, author, memory, dict(message.ref.attributes), key)
        ref.attributes.update(redacted.attributes)
        out = message_pb2.MessageRedacted(
            ref=ref,
            kind=message.kind or message_pb2.MESSAGE_KIND_TEXT,
            text=redacted.text,
            ended_by=message.ended_by,
            withheld=redacted.withheld,
        )
        if message.HasField("last_reply"):
            out.last_reply.CopyFrom(reply)
        for each, (start, end) in zip(redacted.numbered, redacted.places, strict=True):
            out.entities.add(
                start=start,
                end=end,
                type=common_pb2.EntityType.Value(f"ENTITY_TYPE_{each.found.kind}"),
                placeholder=each.placeholder,
            )
            metrics.ENTITIES.labels(str(each.found.kind)).inc()
        outgoing = Outgoing(
            MESSAGE_REDACTED, event.key, out, derive_id(event.id, "redacted"), event.time
        )
        values = (*redacted.numbered, *redacted.attribute_values)
        rows = (
            vault.rows_of(values, key.get(), ref.tenant, event.key, owner, event.time)
            if values
            else []
        )
        writes: tuple[Write, ...] = (partial(vault.store, rows=rows),) if rows else ()
        after = redacted.memory
        needed = key.get() if personal_of(after) is not None else None
        kept = store_memory(after, needed, ref.tenant, event.key, owner, heard)
        return Handled(kept, (outgoing,), writes)

    def known_as(self, tenant: str, customer_id: str) -> str:
        """The customer's id behind redaction: a pseudonym where it is personal data itself."""
        return self._pseudonym(tenant, customer_id) if is_personal(customer_id) else customer_id

    def _memory(self, state: RedactionState | None, tenant: str, conversation_id: str) -> Memory:
        if state is None:
            return Memory()
        key = self._keys.existing(tenant, state.customer_id) if state.sealed else None
        return load_memory(state, key, tenant, conversation_id)

    def _redact(
        self,
        event: Event[Any],
        text: str,
        author: Author,
        memory: Memory,
        attributes: dict[str, str],
        key: "_Key",
    ) -> _Redacted:
        """Redacts text and attributes; whatever goes wrong in it, nothing passes."""
        if not text and not attributes:
            return _Redacted(memory=memory)
        try:
            if len(text) > self._longest_text:
                raise ValueError("text is too long")
            reading = self._read(text, author, memory, self._allowed, key.fingerprint)
            numbered, after = number(text, reading, key.fingerprint)
            clean, places = replace_spans(text, numbered)
            safe, values, after = redact_attributes(
                attributes, after, self._allowed, key.fingerprint
            )
        except Transient:
            raise
        except Exception as error:
            metrics.WITHHELD.inc()
            log.error("withheld", error=type(error).__name__, event_id=event.id)
            return _Redacted(memory=memory, withheld=True)
        return _Redacted(clean, numbered, tuple(places), safe, values, after)


def _heard(reply: message_pb2.LastReply, memory: Memory, event: Event[Any]) -> Memory:
    """The memory with what the bot asked in it, so that "6789" is known for what it is."""
    try:
        return hear(reply.text, memory)
    except Exception as error:
        # The reply has been redacted text from the start: only the question goes unheard.
        log.error("not_heard", error=type(error).__name__, event_id=event.id)
        return memory


class _Key:
    """The customer's key, fetched when it is first needed: most messages need none."""

    def __init__(self, fetch: Callable[[], DataKey]) -> None:
        self._fetch = fetch
        self._key: DataKey | None = None

    def get(self) -> DataKey:
        if self._key is None:
            self._key = self._fetch()
        return self._key

    def fingerprint(self, value: str) -> str:
        return self.get().fingerprint(value)


def _author(event: Event[Any], message: message_pb2.MessageReceived) -> Author:
    """The author of a message that can be handled; Unprocessable for one that cannot."""
    if not message.HasField("ref"):
        raise Unprocessable("missing_ref")
    ref = message.ref
    if not ref.message_id or not ref.conversation_id:
        raise Unprocessable("missing_id")
    if ref.conversation_id != event.key:
        raise Unprocessable("wrong_key")
    if not ref.tenant:
        raise Unprocessable("missing_tenant")
    author = _AUTHORS.get(ref.author)
    if author is None:
        raise Unprocessable("missing_author")
    if message.kind not in message_pb2.MessageKind.values():
        raise Unprocessable("unknown_kind")
    return author
