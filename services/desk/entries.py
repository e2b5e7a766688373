"""What stands in a conversation on the screen, made of the door's record. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup, escape

from rapport.v1 import common_pb2, conversation_pb2, message_pb2, services_pb2
from services.desk.words import conversation_state, placeholder_words, type_words

PLACEHOLDER = re.compile(r"\[[A-Z][A-Z_]*_\d{1,6}\]")
_AUTHORS = {
    common_pb2.AUTHOR_CUSTOMER: "customer",
    common_pb2.AUTHOR_AGENT: "agent",
    common_pb2.AUTHOR_BOT: "bot",
}


@dataclass(frozen=True)
class Entry:
    """One line of the conversation. `kind`: customer, bot, agent, note, event.

    `html` is the text with placeholders as buttons; `readable` says that a customer's feeling can
    be read from it.
    """

    position: int
    kind: str
    id: str
    text: str
    at: datetime
    who: str = ""
    sources: tuple[str, ...] = ()
    readable: bool = False

    @property
    def html(self) -> Markup:
        """The text for the page."""
        return marked(self.text)

    @property
    def iso(self) -> str:
        """When, for a machine."""
        return self.at.astimezone(UTC).isoformat(timespec="seconds")


def entry_of(delivery: services_pb2.Delivery) -> Entry | None:
    """What is shown of one delivery; None where it is nothing to look at."""
    which = delivery.WhichOneof("event")
    if which == "message":
        return _message(delivery.position, delivery.message)
    if which == "reply":
        reply = delivery.reply
        return Entry(
            delivery.position,
            "bot",
            reply.reply_id,
            reply.text,
            reply.created_at.ToDatetime(UTC),
            "Assistant",
            tuple(source.title or source.id for source in reply.sources),
        )
    if which == "changed":
        return _changed(delivery.position, delivery.changed)
    return None


def marked(text: str) -> Markup:
    """The text, escaped, with each placeholder as a button that reveals it."""
    return Markup("").join(_pieces(text))


def _pieces(text: str) -> Iterator[Markup]:
    end = 0
    for match in PLACEHOLDER.finditer(text):
        yield escape(text[end : match.start()])
        yield Markup(
            '<button type="button" class="placeholder" data-placeholder="{0}"'
            ' aria-label="Reveal {1}">{1}</button>'
        ).format(match.group(), placeholder_words(match.group()))
        end = match.end()
    yield escape(text[end:])


def _message(position: int, message: message_pb2.MessageRedacted) -> Entry | None:
    ref = message.ref
    at = ref.sent_at.ToDatetime(UTC)
    author = _AUTHORS.get(ref.author, "")
    if message.kind == message_pb2.MESSAGE_KIND_CONVERSATION_ENDED:
        ended = _AUTHORS.get(message.ended_by, "")
        who = {"customer": "The customer", "agent": "An agent"}.get(ended, "The system")
        return Entry(position, "event", ref.message_id, f"{who} ended the conversation", at)
    if message.kind == message_pb2.MESSAGE_KIND_PERSON_REQUESTED:
        return Entry(position, "event", ref.message_id, "The customer asked for a person", at)
    if message.withheld:
        text = "A message was withheld: it could not be made sure that it holds no personal data"
        return Entry(position, "event", ref.message_id, text, at)
    if not author:
        return None
    if message.kind == message_pb2.MESSAGE_KIND_NOTE:
        return Entry(position, "note", ref.message_id, message.text, at, ref.agent_id)
    who = ref.agent_id if author == "agent" else "Customer"
    return Entry(
        position, author, ref.message_id, message.text, at, who, readable=author == "customer"
    )


def _changed(position: int, changed: conversation_pb2.ConversationChanged) -> Entry | None:
    to, was = conversation_state(changed.to), conversation_state(getattr(changed, "from"))
    said = {
        "queued": f"Waiting in {changed.queue or 'the queue'}",
        "agent": f"{changed.agent_id} has the conversation",
        "wrap_up": "Over; to be wrapped up",
        "closed": "Closed",
        "bot": "Back with the assistant" if was in ("agent", "wrap_up") else "",
    }.get(to, "")
    if not said:
        return None
    at = changed.changed_at.ToDatetime(UTC)
    return Entry(position, "event", changed.change_id, said, at)


@dataclass(frozen=True)
class Reveal:
    """One line of the audit: who had which types revealed, where and when."""

    at: str
    agent: str
    conversation: str
    types: tuple[str, ...]


def reveal_of(row: services_pb2.AuditedReveal) -> Reveal:
    """A line of the audit for the page."""
    at = row.revealed_at.ToDatetime(UTC).isoformat(timespec="seconds")
    kinds = tuple(type_words(kind) for kind in row.types)
    return Reveal(at, row.agent_id, row.conversation_id, kinds)
