"""What end-to-end tests share: a customer at the door, and the record as the topics hold it."""

import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import grpc
from kafka import KafkaConsumer, TopicPartition

from rapport.v1 import common_pb2, services_pb2, services_pb2_grpc
from services.common.events import Record
from services.common.kafka import Connection
from services.common.rpc import blocking_channel
from services.common.topics import TOPICS_BY_NAME


def eventually(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Polls until `condition()` is true and gives its value; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        if value := condition():
            return value
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.1)


class Customer:
    """Publishes as another system would, over gRPC, and tries again when the door says so."""

    def __init__(self, address: str) -> None:
        self._channel = blocking_channel(address)
        self._stub = services_pb2_grpc.ChatServiceStub(self._channel)

    def close(self) -> None:
        self._channel.close()

    def say(
        self,
        conversation_id: str,
        text: str,
        *,
        event_id: str | None = None,
        patience: float = 30,
        **fields: Any,
    ) -> services_pb2.PublishResponse:
        """Sends one message; UNAVAILABLE is tried again with the same id for `patience` s."""
        message = services_pb2.MessageSent(
            conversation_id=conversation_id,
            customer_id=f"customer-of-{conversation_id}",
            channel=common_pb2.CHANNEL_CHAT,
            author=common_pb2.AUTHOR_CUSTOMER,
            text=text,
            **fields,
        )
        message.sent_at.GetCurrentTime()
        return self.publish("rapport.message.sent.v1", event_id, patience, message=message)

    def publish(
        self, type_: str, event_id: str | None = None, patience: float = 30, **data: Any
    ) -> services_pb2.PublishResponse:
        """Publishes one event of any type."""
        request = services_pb2.PublishRequest(
            id=event_id or str(uuid.uuid4()), source="test", type=type_, **data
        )
        request.time.GetCurrentTime()
        deadline = time.monotonic() + patience
        while True:
            try:
                return self._stub.Publish(request, timeout=10)
            except grpc.RpcError as error:
                again = error.code() in (
                    grpc.StatusCode.UNAVAILABLE,
                    grpc.StatusCode.DEADLINE_EXCEEDED,
                )
                if not again or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def hear(self, conversation_id: str, seconds: float = 3, after: int = 0) -> list[Any]:
        """What the door delivers of a conversation within `seconds`, from a position on."""
        request = services_pb2.WatchRequest(
            conversation_id=conversation_id, after=after, reveal=True
        )
        heard = []
        try:
            for response in self._stub.Watch(request, timeout=seconds):
                heard.append(response.delivery)
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.DEADLINE_EXCEEDED, error
        return heard


def read_topic(servers: str, name: str) -> list[Record]:
    """Everything that a topic holds, from its beginning to its present end."""
    consumer = KafkaConsumer(
        **Connection(servers).arguments("record"),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        allow_auto_create_topics=False,
    )
    try:
        places = [TopicPartition(name, p) for p in consumer.partitions_for_topic(name) or ()]
        consumer.assign(places)
        ends = consumer.end_offsets(places)
        consumer.seek_to_beginning(*places)
        records: list[Record] = []
        deadline = time.monotonic() + 30
        while any(consumer.position(place) < ends[place] for place in places):
            assert time.monotonic() < deadline, f"{name} could not be read to its end"
            for found in consumer.poll(timeout_ms=200).values():
                records += [
                    Record(r.topic, r.partition, r.offset, r.key, r.value, tuple(r.headers or ()))
                    for r in found
                ]
        return records
    finally:
        consumer.close(autocommit=False)


@dataclass
class Answers:
    """Answers by the message that they answer, each told apart by its event id."""

    by_message: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    copies: Counter[str] = field(default_factory=Counter)

    def unanswered(self, messages: Iterable[str]) -> list[str]:
        return [message for message in messages if not self.by_message.get(message)]

    def doubled(self) -> list[str]:
        return [message for message, ids in self.by_message.items() if len(ids) > 1]


def answers_of(servers: str, topic: str, caused_by: str) -> Answers:
    """Reads a topic of answers; `caused_by` names the field with the message's id."""
    answers = Answers()
    message_type = TOPICS_BY_NAME[topic].message_type
    assert message_type is not None
    for record in read_topic(servers, topic):
        event_id = dict(record.headers)["ce_id"].decode()
        cause = getattr(message_type.FromString(record.value or b""), caused_by)
        answers.by_message[cause].add(event_id)
        answers.copies[event_id] += 1
    return answers
