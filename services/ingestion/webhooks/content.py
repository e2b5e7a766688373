"""What a receiver is told: which events there are, what they may be chosen by, and their body."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message

from rapport.v1 import common_pb2, conversation_pb2, message_pb2, outcome_pb2, reply_pb2
from services.common.topics import (
    CONVERSATION_CHANGED,
    HANDOVER_REQUESTED,
    MESSAGE_REDACTED,
    OUTCOME_MEASURED,
    REPLY_CREATED,
    Topic,
)
from services.ingestion.record import Entry, as_json, trajectory_json
from services.ingestion.tenancy import own_id
from services.ingestion.translation import enum_word

# The type of an event is the name of its topic. Of messages, those of agents alone are told: what a
# customer wrote came from outside.
TOPICS: dict[str, Topic] = {
    topic.name: topic
    for topic in (
        REPLY_CREATED,
        MESSAGE_REDACTED,
        HANDOVER_REQUESTED,
        CONVERSATION_CHANGED,
        OUTCOME_MEASURED,
    )
}
TESTED = "rapport.subscription.tested.v1"
FILTERS = {
    "action": "of a reply: answer, ask, act, handover, queued",
    "state": "of a change: bot, queued, offered, agent, wrap_up, closed",
    "queue": "of a change: the queue's name",
    "reason": "of a hand-over",
    "priority": "of a hand-over",
    "resolution": "of an outcome: by_bot, by_agent, abandoned",
}
_STATE = conversation_pb2.ConversationState


def is_told(message: Message) -> bool:
    """Whether receivers hear of it at all."""
    if isinstance(message, message_pb2.MessageRedacted):
        is_text = message.kind == message_pb2.MESSAGE_KIND_TEXT
        return is_text and message.ref.author == common_pb2.AUTHOR_AGENT
    return True


def attributes(message: Message) -> dict[str, str]:
    """What a subscription may choose by; an event without the attribute is not held back by it."""
    if isinstance(message, reply_pb2.ReplyCreated):
        return {"action": enum_word(reply_pb2.ReplyAction, "REPLY_ACTION", message.action)}
    if isinstance(message, conversation_pb2.ConversationChanged):
        state = enum_word(_STATE, "CONVERSATION_STATE", message.to)
        return {"state": state, "queue": message.queue}
    if isinstance(message, reply_pb2.HandoverRequested):
        return {"reason": _reason(message.reason), "priority": _priority(message.priority)}
    if isinstance(message, outcome_pb2.OutcomeMeasured):
        word = enum_word(outcome_pb2.Resolution, "RESOLUTION", message.resolution)
        return {"resolution": word}
    return {}


def decoded(type_: str, payload: bytes) -> Message:
    """The message of a stored event."""
    message_type = TOPICS[type_].message_type
    assert message_type is not None
    message = message_type()
    message.ParseFromString(payload)
    return message


def body(
    *, type_: str, event_id: str, key: str, at: datetime, message: Message | None, tenant: str
) -> bytes:
    """A CloudEvent in structured JSON. `message` is None for the test of a subscription."""
    conversation_id = own_id(key)
    data: dict[str, Any] = {"conversation_id": conversation_id}
    if message is not None:
        data |= _data(message, event_id, at)
    document = {
        "specversion": "1.0",
        "id": event_id,
        "source": f"/tenants/{tenant}",
        "type": type_,
        "time": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "subject": conversation_id,
        "datacontenttype": "application/json",
        "data": data,
    }
    return orjson.dumps(document)


def _data(message: Message, event_id: str, at: datetime) -> Mapping[str, Any]:
    if isinstance(message, reply_pb2.HandoverRequested):
        return _handover(message)
    if isinstance(message, outcome_pb2.OutcomeMeasured):
        return _outcome(message)
    shown = as_json(Entry(0, event_id, message, at), readings=True)
    return {name: value for name, value in shown.items() if name not in ("position", "at", "type")}


def _handover(asked: reply_pb2.HandoverRequested) -> Mapping[str, Any]:
    packet = asked.context
    known = packet.HasField("trajectory")
    return {
        "id": asked.handover_id,
        "customer_id": asked.customer_id,
        "caused_by": asked.caused_by,
        "reason": _reason(asked.reason),
        "priority": _priority(asked.priority),
        "skills": list(asked.skills),
        "language": asked.language or None,
        "context": {
            "summary": packet.summary,
            "intent": packet.intent,
            "tried": list(packet.tried),
            "turns": [
                {
                    "author": enum_word(common_pb2.Author, "AUTHOR", turn.author),
                    "text": turn.text,
                    "state": _care_state(turn.state),
                }
                for turn in packet.turns
            ],
            "trajectory": trajectory_json(packet.trajectory) if known else None,
            "state": _care_state(packet.state),
            "suggested_opening": packet.suggested_opening,
        },
    }


def _outcome(outcome: outcome_pb2.OutcomeMeasured) -> Mapping[str, Any]:
    first = outcome.HasField("time_to_first_reply")
    return {
        "id": outcome.outcome_id,
        "resolution": enum_word(outcome_pb2.Resolution, "RESOLUTION", outcome.resolution),
        "seconds_to_first_reply": _seconds(outcome.time_to_first_reply) if first else None,
        "seconds_with_bot": _seconds(outcome.time_with_bot),
        "seconds_in_queue": _seconds(outcome.time_in_queue),
        "seconds_with_agent": _seconds(outcome.time_with_agent),
        "customer_messages": outcome.customer_messages,
        "replies": outcome.replies,
        "handed_over": outcome.handed_over,
        "handover_reason": _reason(outcome.handover_reason) or None,
        "state_at_start": _care_state(outcome.state_at_start),
        "state_worst": _care_state(outcome.state_worst),
        "state_at_end": _care_state(outcome.state_at_end),
        "valence_change": round(outcome.valence_change, 3),
        "csat": outcome.csat if outcome.HasField("csat") else None,
    }


def _seconds(duration: Duration) -> float:
    return round(duration.ToTimedelta().total_seconds(), 3)


def _care_state(number: int) -> str | None:
    return enum_word(common_pb2.CareState, "CARE_STATE", number) or None


def _reason(number: int) -> str:
    return enum_word(common_pb2.HandoverReason, "HANDOVER_REASON", number)


def _priority(number: int) -> str:
    return enum_word(common_pb2.Priority, "PRIORITY", number)
