"""One conversation's record, entry by entry, and what of it whom is shown.

The customer is shown replies, agents' messages and who has the conversation, their own messages
where a page asks for them again, and never what was read of their feelings. The record view shows
everything, redacted.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from rapport.v1 import common_pb2, conversation_pb2, message_pb2, reply_pb2, services_pb2
from services.common.topics import CONVERSATION_CHANGED, MESSAGE_REDACTED, REPLY_CREATED
from services.ingestion.tenancy import own_id
from services.ingestion.translation import enum_word

KINDS = {
    MESSAGE_REDACTED.name: "message",
    REPLY_CREATED.name: "reply",
    CONVERSATION_CHANGED.name: "changed",
}
_TYPES: dict[str, type[Message]] = {
    "message": message_pb2.MessageRedacted,
    "reply": reply_pb2.ReplyCreated,
    "changed": conversation_pb2.ConversationChanged,
}
_STATE, _STATE_PREFIX = conversation_pb2.ConversationState, "CONVERSATION_STATE"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing said or done. `at` is when it happened."""

    position: int
    event_id: str
    message: Message
    at: datetime

    @property
    def text(self) -> str:
        """What was said, with placeholders; "" for what is not said but done."""
        if isinstance(self.message, message_pb2.MessageRedacted | reply_pb2.ReplyCreated):
            return self.message.text
        return ""

    def saying(self, text: str) -> "Entry":
        """The same entry with another text: placeholders revealed."""
        message = type(self.message)()
        message.CopyFrom(self.message)
        message.text = text  # type: ignore[attr-defined]
        return Entry(self.position, self.event_id, message, self.at)


def is_for_customer(message: Message, *, own: bool = False) -> bool:
    """Whether the customer's streams carry it. `own`: also what the customer said and did."""
    if isinstance(message, message_pb2.MessageRedacted):
        if message.ref.author == common_pb2.AUTHOR_CUSTOMER:
            return own
        is_text = message.kind == message_pb2.MESSAGE_KIND_TEXT
        return is_text and message.ref.author == common_pb2.AUTHOR_AGENT
    return True


def decode(position: int, event_id: str, kind: str, payload: bytes, at: datetime) -> Entry:
    """An entry as it was stored."""
    message = _TYPES[kind]()
    message.ParseFromString(payload)
    return Entry(position, event_id, message, at)


def delivery(entry: Entry) -> services_pb2.Delivery:
    """The entry for gRPC, its conversation by the id that its tenant knows."""
    made = services_pb2.Delivery(position=entry.position, event_id=entry.event_id)
    if isinstance(entry.message, message_pb2.MessageRedacted):
        made.message.CopyFrom(entry.message)
        made.message.ref.conversation_id = own_id(entry.message.ref.conversation_id)
    elif isinstance(entry.message, reply_pb2.ReplyCreated):
        made.reply.CopyFrom(entry.message)
        made.reply.conversation_id = own_id(entry.message.conversation_id)
    elif isinstance(entry.message, conversation_pb2.ConversationChanged):
        made.changed.CopyFrom(entry.message)
        made.changed.conversation_id = own_id(entry.message.conversation_id)
    return made


def as_json(entry: Entry, *, readings: bool) -> dict[str, Any]:
    """The entry for WebSocket, server-sent events and REST.

    `readings` adds what the platform read and decided (care state, trajectory, tone, strategy)
    and who is behind it: for systems, not for the customer.
    """
    common: dict[str, Any] = {
        "position": entry.position,
        "id": entry.event_id,
        "at": _instant(entry.at),
    }
    message = entry.message
    if isinstance(message, reply_pb2.ReplyCreated):
        return common | _reply(message, readings)
    if isinstance(message, conversation_pb2.ConversationChanged):
        return common | _changed(message, readings)
    assert isinstance(message, message_pb2.MessageRedacted)
    return common | _message(message, readings)


def _message(message: message_pb2.MessageRedacted, readings: bool) -> dict[str, Any]:
    ref = message.ref
    shown: dict[str, Any] = {
        "type": "message",
        "id": ref.message_id,
        "kind": enum_word(message_pb2.MessageKind, "MESSAGE_KIND", message.kind),
        "author": enum_word(common_pb2.Author, "AUTHOR", ref.author),
        "text": message.text,
        "in_reply_to": ref.in_reply_to or None,
    }
    if readings:
        shown |= {
            "sequence": ref.sequence,
            "sent_at": _stamp(ref.sent_at),
            "agent_id": ref.agent_id or None,
            "withheld": message.withheld,
            "answered_by": enum_word(common_pb2.Author, "AUTHOR", ref.answered_by) or None,
        }
    return shown


def _reply(reply: reply_pb2.ReplyCreated, readings: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "type": "reply",
        "id": reply.reply_id,
        "author": "bot",
        "text": reply.text,
        "in_reply_to": reply.in_reply_to or None,
        "action": enum_word(reply_pb2.ReplyAction, "REPLY_ACTION", reply.action),
        "sources": [{"id": source.id, "title": source.title} for source in reply.sources],
    }
    if readings:
        shown |= {
            "state": enum_word(common_pb2.CareState, "CARE_STATE", reply.state),
            "trend": enum_word(common_pb2.Trend, "TREND", reply.trend),
            "tone": enum_word(common_pb2.Tone, "TONE", reply.tone),
            "strategy": reply.strategy,
            "intent": reply.intent,
            "trajectory": trajectory_json(reply.trajectory)
            if reply.HasField("trajectory")
            else None,
        }
    return shown


def trajectory_json(trajectory: message_pb2.EmotionTrajectory) -> dict[str, Any]:
    """A trajectory as systems see it."""
    effect = trajectory.reply_effect
    return {
        "valence": round(trajectory.valence, 3),
        "arousal": round(trajectory.arousal, 3),
        "customer_turns": trajectory.customer_turns,
        "negative_in_a_row": trajectory.negative_in_a_row,
        "lowest_valence": round(trajectory.lowest_valence, 3),
        "change": round(trajectory.change, 3),
        "peak": trajectory.peak.message_id or None,
        "turning_points": [
            {"message_id": point.message_id, "worse": point.worse}
            for point in trajectory.turning_points
        ],
        "reply_effect": {
            "reply_id": effect.reply_id,
            "author": enum_word(common_pb2.Author, "AUTHOR", effect.author),
            "strategy": effect.strategy,
            "valence_change": round(effect.valence_change, 3),
            "arousal_change": round(effect.arousal_change, 3),
        }
        if trajectory.HasField("reply_effect")
        else None,
    }


def _changed(changed: conversation_pb2.ConversationChanged, readings: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "type": "state",
        "state": enum_word(_STATE, _STATE_PREFIX, changed.to),
        "queue_position": changed.position or None,
    }
    if readings:
        reason = changed.reason
        shown |= {
            "previous_state": enum_word(_STATE, _STATE_PREFIX, getattr(changed, "from")),
            "agent_id": changed.agent_id or None,
            "queue": changed.queue or None,
            "reason": enum_word(common_pb2.HandoverReason, "HANDOVER_REASON", reason) or None,
            "priority": enum_word(common_pb2.Priority, "PRIORITY", changed.priority) or None,
            "caused_by": changed.caused_by or None,
        }
    return shown


def state_of(changed: conversation_pb2.ConversationChanged | None) -> dict[str, Any]:
    """Who has the conversation; the bot, until it has moved."""
    if changed is None:
        return {"state": "bot", "agent_id": None, "queue": None, "queue_position": None}
    return {
        "state": enum_word(_STATE, _STATE_PREFIX, changed.to),
        "agent_id": changed.agent_id or None,
        "queue": changed.queue or None,
        "queue_position": changed.position or None,
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _stamp(stamp: Timestamp) -> str:
    return _instant(stamp.ToDatetime(tzinfo=UTC))
