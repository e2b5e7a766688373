"""Dead letters: what waits in them, and how it goes back to where it came from."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.structs import OffsetAndMetadata

from services.cli.cluster import read_all
from services.common.events import Record
from services.common.kafka import Connection, Producer
from services.common.topics import dead_letter_topics

# Remembers how far each dead-letter topic was replayed; nobody consumes in this group.
GROUP = "rapport.dead-letters"
OURS = "rapport_"
SEND_SECONDS = 30.0


@dataclass(frozen=True)
class Waiting:
    """A dead-letter topic: `records` kept, of which `waiting` were never replayed."""

    topic: str
    records: int
    waiting: int


@dataclass(frozen=True)
class DeadLetter:
    """One dead letter, described without its text. Unreadable identifiers are ""."""

    topic: str
    partition: int
    offset: int
    error_class: str
    service: str
    origin_topic: str
    origin_partition: str
    origin_offset: str
    failed_at: str
    event_id: str
    conversation_id: str
    bytes: int


def describe(record: Record) -> DeadLetter:
    """What may be told of a dead letter: codes, places, ids and sizes."""
    headers = {name: value for name, value in record.headers if value is not None}

    def told(name: str) -> str:
        return headers.get(name, b"").decode("ascii", "replace")[:200]

    return DeadLetter(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        error_class=told("rapport_error_class"),
        service=told("rapport_service"),
        origin_topic=told("rapport_origin_topic"),
        origin_partition=told("rapport_origin_partition"),
        origin_offset=told("rapport_origin_offset"),
        failed_at=told("rapport_failed_at"),
        event_id=_uuid(headers.get("ce_id", b"")),
        conversation_id=_readable(record.key),
        bytes=len(record.value or b""),
    )


def payload(record: Record) -> dict[str, Any]:
    """The value itself: decoded where it is what its topic carries, else as hexadecimal."""
    from google.protobuf.json_format import MessageToDict
    from google.protobuf.message import DecodeError

    value = record.value or b""
    origin = dead_letter_topics()[record.topic]
    if origin.message_type is not None:
        try:
            return MessageToDict(origin.message_type.FromString(value))
        except DecodeError:
            pass
    try:
        return {"text": value.decode()}
    except UnicodeDecodeError:
        return {"hexadecimal": value.hex()}


def original_headers(record: Record) -> list[tuple[str, bytes]]:
    """The headers that the event had before it died."""
    return [(name, value) for name, value in record.headers if not name.startswith(OURS)]


def waiting(connection: Connection) -> list[Waiting]:
    """Every dead-letter topic that exists, by name."""
    with _Positions(connection) as positions:
        return [
            Waiting(
                name,
                sum(last - first for first, last, _ in places.values()),
                sum(last - done for _, last, done in places.values()),
            )
            for name, places in positions.of(sorted(dead_letter_topics())).items()
        ]


def read(connection: Connection, topic: str) -> Iterator[Record]:
    """All dead letters that a topic keeps, oldest first in each partition."""
    return read_all(connection, [topic])


def replay(
    connection: Connection,
    topic: str,
    *,
    again: bool = False,
    offsets: frozenset[int] = frozenset(),
) -> int:
    """Produces dead letters back to the topics that they came from; how many.

    Those never replayed, or with `again` all that are kept, or just those at `offsets`. Their ids
    are unchanged, so a reader that did handle one after all drops it.
    """
    with _Positions(connection) as positions:
        places = positions.of([topic]).get(topic, {})
        origin = dead_letter_topics()[topic].name
        producer = Producer(connection, "dead-letters")
        sent = 0
        try:
            for record in read(connection, topic):
                _, last, done = places[record.partition]
                chosen = record.offset in offsets if offsets else again or record.offset >= done
                if record.offset >= last or not chosen:
                    continue
                producer.send(
                    origin, key=record.key, value=record.value, headers=original_headers(record)
                ).result(SEND_SECONDS)
                sent += 1
        finally:
            producer.close(SEND_SECONDS)
        if not offsets:
            positions.remember(topic, {number: last for number, (_, last, _) in places.items()})
        return sent


class _Positions:
    """First, end and replayed-to offsets of dead-letter topics."""

    def __init__(self, connection: Connection) -> None:
        self._consumer = KafkaConsumer(
            **connection.arguments("dead-letters"), group_id=GROUP, enable_auto_commit=False
        )

    def __enter__(self) -> "_Positions":
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close(autocommit=False)

    def of(self, topics: list[str]) -> dict[str, dict[int, tuple[int, int, int]]]:
        """(first, end, replayed up to) by partition, of those topics that exist."""
        existing = self._consumer.topics()
        found: dict[str, dict[int, tuple[int, int, int]]] = {}
        for topic in topics:
            if topic not in existing:
                continue
            numbers = self._consumer.partitions_for_topic(topic) or ()
            places = [TopicPartition(topic, number) for number in sorted(numbers)]
            first = self._consumer.beginning_offsets(places)
            last = self._consumer.end_offsets(places)
            found[topic] = {
                place.partition: (
                    first[place],
                    last[place],
                    max(first[place], self._consumer.committed(place) or 0),
                )
                for place in places
            }
        return found

    def remember(self, topic: str, ends: dict[int, int]) -> None:
        """Notes that a topic was replayed up to these offsets."""
        offsets = {
            TopicPartition(topic, number): OffsetAndMetadata(end, "", -1)
            for number, end in ends.items()
        }
        if offsets:
            self._consumer.commit(offsets)


def _uuid(value: bytes) -> str:
    try:
        return str(uuid.UUID(value.decode("ascii")))
    except ValueError:
        return ""


def _readable(key: bytes | None) -> str:
    # A record that is no event at all may have anything for a key.
    try:
        text = (key or b"").decode()
    except UnicodeDecodeError:
        return ""
    return text if text.isprintable() and len(text) <= 128 else ""
