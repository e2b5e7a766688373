"""The AsyncAPI 3.0 document of the whole platform, as plain data.

Payloads are described as JSON schemas of protobuf's JSON mapping, since tools that read AsyncAPI
know JSON schema without a plugin; on the wire a value is binary protobuf, as `contentType` says.
"""

from typing import Any

from services.common.documents.catalogue import full_name, kept, short
from services.common.documents.contracts import Contracts, Enum, Field, Message
from services.common.documents.inbound import inbound_schemas
from services.common.events import CONTENT_TYPE
from services.common.topics import TOPICS, Topic

Document = dict[str, Any]

_INBOUND = "InboundEvent"
INBOUND_CONTENT_TYPE = "application/cloudevents+json"
_BINDING = "0.5.0"
_INTEGERS = {"int32": "int32", "uint32": "int32", "int64": "int64", "uint64": "int64"}
_KNOWN: dict[str, Document] = {
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    "google.protobuf.Duration": {"type": "string", "pattern": r"^-?\d+(\.\d+)?s$"},
}


def document(contracts: Contracts, version: str) -> Document:
    """The document of one version of the platform."""
    roots = tuple(full_name(topic) for topic in TOPICS if topic.message_type is not None)
    messages, enums = contracts.reachable(roots)
    schemas: Document = {short(message.name): _message_schema(message) for message in messages}
    schemas |= {short(enum.name): _enum_schema(enum) for enum in enums}
    inbound, door = inbound_schemas()
    schemas |= {_INBOUND: inbound} | door
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Rapport",
            "version": version,
            "description": (
                "Every topic of the platform. Values are protobuf messages of package rapport.v1; "
                "headers are CloudEvents 1.0 in binary mode; the key is the conversation's id, "
                "so that the events of one conversation keep their order."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {
            "broker": {
                "host": "{bootstrap}",
                "protocol": "kafka",
                "description": "Apache Kafka 4 or a broker that speaks its protocol.",
                "variables": {
                    "bootstrap": {
                        "default": "127.0.0.1:9092",
                        "description": "KAFKA_BOOTSTRAP_SERVERS",
                    }
                },
            }
        },
        "channels": _channels(),
        "operations": _operations(),
        "components": {
            "messages": {_message_name(topic): _message(topic) for topic in TOPICS},
            "schemas": dict(sorted(schemas.items())),
        },
    }


def _channels() -> Document:
    channels: Document = {}
    for topic in TOPICS:
        channels[topic.name] = _channel(topic, topic.name, topic.summary, topic.partitions)
        for reader, name in topic.dead_letters().items():
            summary = f"Records of {topic.name} that {reader} could not process"
            channels[name] = _channel(topic, name, summary, partitions=1)
    return channels


def _channel(topic: Topic, address: str, summary: str, partitions: int) -> Document:
    dead_letters = address != topic.name
    cleanup = ["delete"] if dead_letters else topic.cleanup.split(",")
    settings: Document = {"cleanup.policy": cleanup, "max.message.bytes": 1024 * 1024}
    if topic.retention is not None:
        settings["retention.ms"] = int(topic.retention.total_seconds() * 1000)
    held = "Sensitive: raw text. " if topic.sensitive else ""
    time = "as its source" if dead_letters else kept(topic)
    name = _message_name(topic)
    return {
        "address": address,
        "description": f"{summary}. {held}Kept: {time}.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "bindings": {
            "kafka": {
                "topic": address,
                "partitions": partitions,
                "topicConfiguration": settings,
                "bindingVersion": _BINDING,
            }
        },
    }


def _operations() -> Document:
    operations: Document = {}
    for topic in TOPICS:
        name = _message_name(topic)
        writer = topic.writer.replace(" ", "-")
        operations[f"{writer}.send.{name}"] = _operation("send", topic.name, name, writer)
        for reader in topic.readers:
            received = _operation("receive", topic.name, name, reader)
            if not topic.broadcast:
                received["bindings"] = _group(reader)
            operations[f"{reader}.receive.{name}"] = received
        for reader, dead in topic.dead_letters().items():
            operations[f"{reader}.send.dead.{name}"] = _operation("send", dead, name, reader)
    return operations


def _operation(action: str, channel: str, message: str, service: str) -> Document:
    # A "/" in a JSON pointer would need escaping; topic names have dots alone.
    reference = f"#/channels/{channel}"
    return {
        "action": action,
        "channel": {"$ref": reference},
        "messages": [{"$ref": f"{reference}/messages/{message}"}],
        "tags": [{"name": service}],
    }


def _group(service: str) -> Document:
    return {
        "kafka": {
            "groupId": {"type": "string", "enum": [f"rapport.{service}"]},
            "bindingVersion": _BINDING,
        }
    }


def _message_name(topic: Topic) -> str:
    return _INBOUND if topic.message_type is None else short(full_name(topic))


def _message(topic: Topic) -> Document:
    name = _message_name(topic)
    message: Document = {
        "name": topic.name,
        "title": topic.summary,
        "contentType": CONTENT_TYPE if topic.message_type else INBOUND_CONTENT_TYPE,
        "payload": {"$ref": f"#/components/schemas/{name}"},
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": topic.key},
                "bindingVersion": _BINDING,
            }
        },
    }
    if topic.message_type is not None:
        message["headers"] = _headers(topic)
        message["x-protobuf-message"] = full_name(topic)
    return message


def _headers(topic: Topic) -> Document:
    return {
        "type": "object",
        "required": ["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time", "content-type"],
        "properties": {
            "ce_specversion": {"const": "1.0"},
            "ce_id": {
                "type": "string",
                "format": "uuid",
                "description": "UUIDv5 of the cause's id and the stage: a replay has the same.",
            },
            "ce_type": {"const": topic.name},
            "ce_source": {"type": "string", "examples": [f"rapport/{topic.writer}"]},
            "ce_time": {"type": "string", "format": "date-time"},
            "content-type": {"const": CONTENT_TYPE},
            "traceparent": {"type": "string", "description": "W3C trace context."},
        },
    }


def _message_schema(message: Message) -> Document:
    schema: Document = {"type": "object"}
    if message.comment:
        schema["description"] = message.comment
    schema["properties"] = {field.name: _field_schema(field) for field in message.fields}
    return schema


def _field_schema(field: Field) -> Document:
    if field.map_value:
        schema: Document = {"type": "object", "additionalProperties": _type(field.map_value)}
    elif field.repeated:
        schema = {"type": "array", "items": _type(field.type)}
    else:
        schema = _type(field.type)
    # Draft 7 ignores what stands beside a $ref.
    if field.comment and "$ref" not in schema:
        schema["description"] = field.comment
    return schema


def _type(name: str) -> Document:
    if name in _KNOWN:
        return dict(_KNOWN[name])
    if name in _INTEGERS:
        return {"type": "integer", "format": _INTEGERS[name]}
    if name in ("double", "float"):
        return {"type": "number", "format": name}
    if name == "bool":
        return {"type": "boolean"}
    if name in ("string", "bytes"):
        return {"type": "string"}
    return {"$ref": f"#/components/schemas/{short(name)}"}


def _enum_schema(enum: Enum) -> Document:
    schema: Document = {"type": "string", "enum": [value.name for value in enum.values]}
    if enum.comment:
        schema["description"] = enum.comment
    return schema
