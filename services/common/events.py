"""Events as handlers see them, and as they travel: CloudEvents in binary mode over Kafka."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from google.protobuf.message import DecodeError, Message

from services.common.failures import Unprocessable
from services.common.topics import Topic

M = TypeVar("M")

NAMESPACE = uuid.UUID("5b1f6c1e-8f60-5d8e-9a1c-6f2f3a0b7c11")
CONTENT_TYPE = "application/protobuf"
Headers = list[tuple[str, bytes]]


def derive_id(cause_id: str, stage: str) -> str:
    """Id of what follows from `cause_id` at `stage`: UUIDv5, so a replay yields the same ids."""
    return str(uuid.uuid5(NAMESPACE, f"{cause_id}/{stage}"))


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a topic as bytes, with its place."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Event(Generic[M]):
    """A fact that happened. `key` is the conversation's id; `message` the decoded value."""

    id: str
    topic: Topic
    key: str
    time: datetime
    source: str
    message: M
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An event that a handler wants published. `id` comes from `derive_id`."""

    topic: Topic
    key: str
    message: Message
    id: str
    time: datetime | None = None


def encode(outgoing: Outgoing, *, source: str, traceparent: str | None = None) -> Headers:
    """CloudEvents headers of an outgoing event."""
    time = outgoing.time or datetime.now(UTC)
    headers: Headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", outgoing.id.encode()),
        ("ce_type", outgoing.topic.name.encode()),
        ("ce_source", f"rapport/{source}".encode()),
        ("ce_time", time.isoformat().encode()),
        ("content-type", CONTENT_TYPE.encode()),
    ]
    if traceparent:
        headers.append(("traceparent", traceparent.encode()))
    return headers


def decode(record: Record, topic: Topic) -> Event[Any]:
    """Event of a record, or Unprocessable with a code that says what is wrong with it."""
    headers = _text_headers(record.headers)
    if record.value is None:
        raise Unprocessable("no_value")
    if not record.key:
        raise Unprocessable("no_key")
    try:
        key = record.key.decode()
    except UnicodeDecodeError as error:
        raise Unprocessable("bad_key") from error
    event_id = headers.get("ce_id", "")
    try:
        uuid.UUID(event_id)
    except ValueError as error:
        raise Unprocessable("bad_id") from error
    if headers.get("ce_type") != topic.name:
        raise Unprocessable("wrong_type")
    try:
        time = datetime.fromisoformat(headers.get("ce_time", ""))
    except ValueError as error:
        raise Unprocessable("bad_time") from error
    if time.tzinfo is None:
        raise Unprocessable("bad_time")
    assert topic.message_type is not None, "JSON topics have a reader of their own"
    message = topic.message_type()
    try:
        message.ParseFromString(record.value)
    except DecodeError as error:
        raise Unprocessable("undecodable") from error
    if message.ByteSize() == 0:
        raise Unprocessable("empty")
    return Event(
        id=event_id,
        topic=topic,
        key=key,
        time=time,
        source=headers.get("ce_source", ""),
        message=message,
        traceparent=headers.get("traceparent"),
    )


def _text_headers(headers: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    try:
        return {name: value.decode() for name, value in headers if value is not None}
    except UnicodeDecodeError as error:
        raise Unprocessable("bad_header") from error
