"""JSON schema of `rapport.inbound.v1`: CloudEvents that other systems publish.

The door reads the same `data` over REST, WebSocket and this topic. It is the JSON spelling of the
messages of `ChatService`: the same field names, enum values in lower case without their prefix ("voice-transcript" has a
hyphen, as channels are named outside).
"""

import re
from typing import Any

from services.common.documents.catalogue import short
from services.common.documents.contracts import Contracts, Enum, Field

Schema = dict[str, Any]

TYPES = {
    "rapport.message.sent.v1": "rapport.v1.MessageSent",
    "rapport.person.requested.v1": "rapport.v1.PersonRequested",
    "rapport.conversation.ended.v1": "rapport.v1.ConversationEnded",
    "rapport.feedback.given.v1": "rapport.v1.FeedbackSent",
}


def inbound_schema(contracts: Contracts) -> Schema:
    """The envelope, and the `data` that goes with each type."""
    return {
        "type": "object",
        "description": "CloudEvents 1.0 in structured JSON; (source, id) is idempotent.",
        "required": ["specversion", "id", "source", "type", "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {"type": "string", "minLength": 1},
            "source": {"type": "string", "minLength": 1},
            "type": {"enum": list(TYPES)},
            "time": {"type": "string", "format": "date-time"},
            "datacontenttype": {"const": "application/json"},
            "data": {"type": "object"},
        },
        "allOf": [
            {
                "if": {"properties": {"type": {"const": kind}}},
                "then": {"properties": {"data": _data(contracts, name)}},
            }
            for kind, name in TYPES.items()
        ],
    }


def spoken(enum: Enum) -> list[str]:
    """Values of an enum as the door spells them: `AUTHOR_CUSTOMER` is "customer"."""
    joint = "-" if short(enum.name) == "Channel" else "_"
    prefix = re.sub(r"(?<!^)(?=[A-Z])", "_", short(enum.name)).upper() + "_"
    return [
        value.name.removeprefix(prefix).lower().replace("_", joint)
        for value in enum.values
        if value.number
    ]


def _data(contracts: Contracts, name: str) -> Schema:
    message = contracts.messages[name]
    return {
        "title": short(name),
        "type": "object",
        "properties": {field.name: _field(contracts, field) for field in message.fields},
    }


def _field(contracts: Contracts, field: Field) -> Schema:
    if field.map_value:
        return {"type": "object", "additionalProperties": {"type": "string"}}
    if field.type in contracts.enums:
        return {"type": "string", "enum": spoken(contracts.enums[field.type])}
    if field.type == "google.protobuf.Timestamp":
        return {"type": "string", "format": "date-time"}
    return {"type": "number"} if field.type == "double" else {"type": "string"}
