"""Between the contract's models and the protobuf messages of the topics and of gRPC."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from rapport.v1 import common_pb2, message_pb2, rights_pb2, services_pb2
from services.common.answering import Holder
from services.ingestion.contract import (
    CONSENT_CHANGED,
    CONVERSATION_ENDED,
    ERASURE_REQUESTED,
    FEEDBACK_GIVEN,
    MESSAGE_SENT,
    NOTE_ADDED,
    PERSON_REQUESTED,
    CloudEvent,
    ConversationEnded,
    FeedbackGiven,
    MessageSent,
    NoteAdded,
    PersonRequested,
)

# The member of PublishRequest's `data` and the type that it belongs to.
TYPE_OF = {
    "message": MESSAGE_SENT,
    "person_requested": PERSON_REQUESTED,
    "conversation_ended": CONVERSATION_ENDED,
    "feedback": FEEDBACK_GIVEN,
    "erasure": ERASURE_REQUESTED,
    "consent": CONSENT_CHANGED,
    "note": NOTE_ADDED,
}


def enum_number(enum: Any, prefix: str, word: str) -> int:
    """Number of a contract's word: (Channel, "CHANNEL", "voice-transcript") gives 4."""
    number: int = enum.Value(f"{prefix}_{word.upper().replace('-', '_')}")
    return number


def enum_word(enum: Any, prefix: str, number: int, *, joint: str = "_") -> str:
    """The contract's word of a number; "" for unspecified, the number itself where unknown."""
    if number == 0:
        return ""
    try:
        name: str = enum.Name(number)
    except ValueError:
        return str(number)
    return name.removeprefix(f"{prefix}_").lower().replace("_", joint)


def timestamp(at: datetime) -> Timestamp:
    """`at`, which has its zone, for protobuf."""
    made = Timestamp()
    made.FromDatetime(at)
    return made


def channel_number(event: CloudEvent) -> int:
    """Channel of a message; a button is pressed in a chat; 0 where the event does not say."""
    if isinstance(event.data, MessageSent):
        return enum_number(common_pb2.Channel, "CHANNEL", event.data.channel)
    return common_pb2.CHANNEL_CHAT if isinstance(event.data, PersonRequested) else 0


def message_received(
    event: CloudEvent,
    *,
    event_id: str,
    tenant: str,
    key: str,
    customer_id: str,
    channel: int,
    sequence: int,
    received_at: datetime,
    holder: Holder,
    last_reply: message_pb2.LastReply | None,
) -> message_pb2.MessageReceived:
    """What goes to redaction. `key`, `customer_id` and `channel` are the conversation's own,
    `holder` who has it, and `last_reply` what the bot said last."""
    data = event.data
    message = message_pb2.MessageReceived(
        ref=message_pb2.MessageRef(
            message_id=event_id,
            conversation_id=key,
            customer_id=customer_id,
            tenant=tenant,
            channel=channel,  # type: ignore[arg-type]
            sequence=sequence,
            sent_at=timestamp(event.time or received_at),
            received_at=timestamp(received_at),
        ),
        last_reply=last_reply,
    )
    ref = message.ref
    if isinstance(data, MessageSent):
        message.kind = message_pb2.MESSAGE_KIND_TEXT
        message.text = data.text
        ref.author = enum_number(common_pb2.Author, "AUTHOR", data.author)  # type: ignore[assignment]
        ref.sent_at.CopyFrom(timestamp(data.sent_at))
        ref.language = data.language or ""
        ref.in_reply_to = data.in_reply_to or ""
        ref.agent_id = data.agent_id or ""
        ref.attributes.update(data.attributes)
    elif isinstance(data, PersonRequested):
        message.kind = message_pb2.MESSAGE_KIND_PERSON_REQUESTED
        ref.author = common_pb2.AUTHOR_CUSTOMER
    elif isinstance(data, ConversationEnded):
        message.kind = message_pb2.MESSAGE_KIND_CONVERSATION_ENDED
        by = enum_number(common_pb2.Author, "AUTHOR", data.by)
        ref.author = message.ended_by = by  # type: ignore[assignment]
    elif isinstance(data, NoteAdded):
        message.kind = message_pb2.MESSAGE_KIND_NOTE
        message.text = data.text
        ref.author = common_pb2.AUTHOR_AGENT
        ref.agent_id = data.agent_id
    else:
        raise TypeError("feedback is not a message")
    if ref.author == common_pb2.AUTHOR_CUSTOMER and not isinstance(data, ConversationEnded):
        ref.answered_by, ref.known_version = holder.answered_by, holder.version
    return message


def feedback_given(
    event: CloudEvent, *, event_id: str, tenant: str, key: str, received_at: datetime, comment: str
) -> message_pb2.FeedbackGiven:
    """What goes to insights; `comment` is redacted."""
    data = event.data
    if not isinstance(data, FeedbackGiven):
        raise TypeError("only feedback becomes FeedbackGiven")
    given = message_pb2.FeedbackGiven(
        feedback_id=event_id,
        conversation_id=key,
        tenant=tenant,
        kind=enum_number(message_pb2.FeedbackKind, "FEEDBACK_KIND", data.kind),  # type: ignore[arg-type]
        score=data.score,
        given_at=timestamp(event.time or received_at),
        message_id=data.message_id or "",
        comment=comment,
        source_id=data.source_id or "",
    )
    if data.about:
        subject = enum_number(message_pb2.FeedbackSubject, "FEEDBACK_SUBJECT", data.about)
        given.about = subject  # type: ignore[assignment]
    by = "customer" if data.kind == "csat" else data.by
    if by:
        given.by = enum_number(common_pb2.Author, "AUTHOR", by)  # type: ignore[assignment]
    if data.label:
        label = enum_number(common_pb2.CareState, "CARE_STATE", data.label)
        given.label = label  # type: ignore[assignment]
    return given


def document_of(request: services_pb2.PublishRequest) -> dict[str, Any]:
    """A gRPC request as the JSON value that the contract reads. An unset field is absent."""
    document: dict[str, Any] = {
        "specversion": "1.0",
        "id": request.id,
        "source": request.source,
        "type": request.type or None,
    }
    if request.HasField("time"):
        document["time"] = _date_time(request.time)
    member = request.WhichOneof("data")
    if member is not None:
        data = _DATA[member](getattr(request, member))
        document["data"] = {name: value for name, value in data.items() if value is not None}
    return document


def _message(message: services_pb2.MessageSent) -> Mapping[str, Any]:
    return {
        "conversation_id": message.conversation_id,
        "customer_id": message.customer_id,
        "channel": enum_word(common_pb2.Channel, "CHANNEL", message.channel, joint="-") or None,
        "author": enum_word(common_pb2.Author, "AUTHOR", message.author) or None,
        "text": message.text,
        "sent_at": _date_time(message.sent_at) if message.HasField("sent_at") else None,
        "language": message.language or None,
        "attributes": dict(message.attributes),
        "in_reply_to": message.in_reply_to or None,
        "agent_id": message.agent_id or None,
    }


def _person(person: services_pb2.PersonRequested) -> Mapping[str, Any]:
    return {"conversation_id": person.conversation_id, "customer_id": person.customer_id}


def _ended(ended: services_pb2.ConversationEnded) -> Mapping[str, Any]:
    by = enum_word(common_pb2.Author, "AUTHOR", ended.by) or None
    return {"conversation_id": ended.conversation_id, "by": by}


def _feedback(feedback: services_pb2.FeedbackSent) -> Mapping[str, Any]:
    kind = enum_word(message_pb2.FeedbackKind, "FEEDBACK_KIND", feedback.kind)
    return {
        "conversation_id": feedback.conversation_id,
        "kind": kind or None,
        "score": feedback.score if feedback.HasField("score") else None,
        "label": enum_word(common_pb2.CareState, "CARE_STATE", feedback.label) or None,
        "comment": feedback.comment or None,
        "message_id": feedback.message_id or None,
        "about": enum_word(message_pb2.FeedbackSubject, "FEEDBACK_SUBJECT", feedback.about) or None,
        "by": enum_word(common_pb2.Author, "AUTHOR", feedback.by) or None,
        "source_id": feedback.source_id or None,
    }


def _note(note: services_pb2.NoteAdded) -> Mapping[str, Any]:
    return {
        "conversation_id": note.conversation_id,
        "agent_id": note.agent_id,
        "text": note.text,
    }


def _erasure(erasure: services_pb2.ErasureAsked) -> Mapping[str, Any]:
    return {"customer_id": erasure.customer_id}


def _consent(consent: services_pb2.ConsentGiven) -> Mapping[str, Any]:
    to = enum_word(rights_pb2.ConsentTo, "CONSENT_TO", consent.to) or None
    return {"customer_id": consent.customer_id, "to": to, "granted": consent.granted}


_DATA: dict[str, Any] = {
    "message": _message,
    "person_requested": _person,
    "conversation_ended": _ended,
    "feedback": _feedback,
    "erasure": _erasure,
    "consent": _consent,
    "note": _note,
}


def _date_time(stamp: Timestamp) -> str:
    """RFC 3339; "" for a timestamp that is out of range, which the contract then refuses."""
    try:
        return stamp.ToDatetime(tzinfo=UTC).isoformat()
    except (ValueError, OverflowError):
        return ""
