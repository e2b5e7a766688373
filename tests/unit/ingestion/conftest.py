"""A door over a real PostgreSQL and the in-memory broker."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from google.protobuf.message import Message
from sqlalchemy import make_url

from rapport.v1 import common_pb2, conversation_pb2, message_pb2, reply_pb2, services_pb2
from services.common.broker import Headers
from services.common.database import connect
from services.common.events import Event
from services.common.events import decode as decode_event
from services.common.failures import Transient
from services.common.handling import TransactionalProcessor
from services.common.migrations import migrate
from services.common.testing.broker import InMemoryBroker, InMemoryProducer
from services.common.topics import (
    CONVERSATION_CHANGED,
    INBOUND,
    MESSAGE_REDACTED,
    REPLY_CREATED,
    TOPICS,
    TOPICS_BY_NAME,
    Topic,
    dead_letter_name,
)
from services.ingestion.acceptance import Acceptor
from services.ingestion.access import Access
from services.ingestion.access_record import AccessRecord
from services.ingestion.adapters.connections import Connections
from services.ingestion.consent_store import ConsentStore
from services.ingestion.door import Door
from services.ingestion.erasure_store import ErasureStore
from services.ingestion.handler import DeliveryHandler
from services.ingestion.housekeeping import Housekeeping
from services.ingestion.limits import Limiter
from services.ingestion.publishing import BrokerPublisher
from services.ingestion.rights import Rights
from services.ingestion.sealing import Sealer
from services.ingestion.store import PostgresStore
from services.ingestion.streams import Streams
from services.ingestion.transcripts import Transcripts
from services.ingestion.webhooks.connecting import Guard, Line
from services.ingestion.webhooks.outbox import Outbox
from services.ingestion.webhooks.sender import Patience, Sender
from services.ingestion.webhooks.subscriptions import Subscriptions
from tests.unit.ingestion.offers import NOW


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def door_url(postgres: str) -> Iterator[str]:
    """URL of one database for all tests of the door: each uses conversations of its own."""
    name = f"door_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"create database {name}")  # type: ignore[call-overload]
    url = make_url(postgres).set(database=name).render_as_string(hide_password=False)
    migrate("ingestion", url)
    yield url
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")  # type: ignore[call-overload]


@pytest.fixture
def conversation() -> str:
    """Id of a conversation that no other test has."""
    return f"c-{uuid.uuid4()}"


class UnreliableProducer(InMemoryProducer):
    """Fails while `away` is set; holds every acknowledgement back while `silent` is."""

    def __init__(self, broker: InMemoryBroker) -> None:
        super().__init__(broker)
        self.away = False
        self.silent = False
        self.refused = 0
        self.held: list[tuple[Future[tuple[int, int]], tuple[int, int]]] = []

    def send(
        self, topic: str, *, key: bytes | None, value: bytes | None, headers: Headers
    ) -> "Future[tuple[int, int]]":
        if self.away:
            self.refused += 1
            raise Transient("KafkaTimeoutError")
        sent = super().send(topic, key=key, value=value, headers=headers)
        if not self.silent:
            return sent
        held: Future[tuple[int, int]] = Future()
        self.held.append((held, sent.result()))
        return held

    def release(self) -> None:
        """Acknowledges what was held back."""
        for future, place in self.held:
            future.set_result(place)
        self.held.clear()


@dataclass
class Vault:
    """Stands in for redaction: gives values for placeholders."""

    values: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    away: bool = False

    async def reveal(self, conversation_id: str, text: str) -> str:
        for placeholder, value in self.values.items():
            text = text.replace(placeholder, value)
        return text

    async def reveal_to_agent(
        self, conversation_id: str, placeholder: str, agent_id: str
    ) -> str | None:
        if self.away:
            raise Transient("redaction_unavailable")
        self.asked.append((conversation_id, agent_id))
        return self.values.get(placeholder)

    async def reveals(self, tenant: str, limit: int) -> list[services_pb2.AuditedReveal]:
        listed = [
            services_pb2.AuditedReveal(conversation_id=conversation, agent_id=agent)
            for conversation, agent in self.asked
        ]
        return listed[::-1][: limit or 100]


@dataclass
class Redacting:
    """Stands in for redaction: takes these words out of a comment."""

    words: tuple[str, ...] = ("415-555-0132", "Ann")
    away: bool = False

    async def redact(self, conversation_id: str, text: str) -> str:
        if self.away:
            raise Transient("redaction_unavailable")
        for word in self.words:
            text = text.replace(word, "[GONE]")
        return text


@dataclass
class House:
    """A door with everything around it that a test wants to look at."""

    door: Door
    broker: InMemoryBroker
    producer: UnreliableProducer
    vault: Vault
    redacting: Redacting
    processor: TransactionalProcessor
    engine: sa.Engine
    url: str

    def published(self, topic: Topic, conversation_id: str) -> list[Event[Any]]:
        """Events of one conversation in a topic, in order."""
        records = self.broker.records(topic.name)
        return [
            decode_event(record, TOPICS_BY_NAME[topic.name])
            for record in records
            if record.key == conversation_id.encode()
        ]

    def deliver(self, topic: Topic, key: str, message: Message, at: datetime = NOW) -> str:
        """What another service published, as the door's loop handles it; gives the event's id."""
        event = Event(str(uuid.uuid4()), topic, key, at, "rapport/test", message)
        [result] = self.processor.process([event])
        assert result.failure is None
        return event.id

    def replies(self, key: str, text: str, **fields: Any) -> str:
        """The platform answers."""
        reply = reply_pb2.ReplyCreated(
            reply_id=str(uuid.uuid4()),
            conversation_id=key,
            text=text,
            action=reply_pb2.REPLY_ACTION_ANSWER,
            state=common_pb2.CARE_STATE_FRUSTRATED,
            strategy="acknowledge_then_answer",
            **fields,
        )
        return self.deliver(REPLY_CREATED, key, reply)

    def agent_says(self, key: str, text: str) -> str:
        """An agent's message, redacted."""
        return self._redacted(key, text, common_pb2.AUTHOR_AGENT, agent_id="agent-3")

    def customer_said(self, key: str, text: str) -> str:
        """A customer's message, redacted."""
        return self._redacted(key, text, common_pb2.AUTHOR_CUSTOMER)

    def _redacted(self, key: str, text: str, author: common_pb2.Author, **ref: Any) -> str:
        message = message_pb2.MessageRedacted(
            ref=message_pb2.MessageRef(
                message_id=str(uuid.uuid4()), conversation_id=key, author=author, **ref
            ),
            kind=message_pb2.MESSAGE_KIND_TEXT,
            text=text,
        )
        return self.deliver(MESSAGE_REDACTED, key, message)

    def moves(self, key: str, to: conversation_pb2.ConversationState, **fields: Any) -> str:
        """Routing moves the conversation."""
        changed = conversation_pb2.ConversationChanged(
            change_id=str(uuid.uuid4()), conversation_id=key, to=to, **fields
        )
        return self.deliver(CONVERSATION_CHANGED, key, changed)


@pytest.fixture
async def house(door_url: str) -> AsyncIterator[House]:
    """A door that is open."""
    topics = {topic.name: 2 for topic in TOPICS} | {dead_letter_name(INBOUND, "ingestion"): 1}
    broker = InMemoryBroker(topics)
    producer = UnreliableProducer(broker)
    publisher = BrokerPublisher(producer, "ingestion")
    store = PostgresStore(door_url, connections=4)
    consents = ConsentStore(store, "default")
    rights = Rights(ErasureStore(store, "default"), publisher, clock=lambda: NOW)
    acceptor = Acceptor(
        store,
        publisher,
        rights,
        redacting := Redacting(),
        consents,
        tenant="default",
        patience_seconds=1.0,
        max_in_flight=50,
        clock=lambda: NOW,
    )
    streams = Streams(store, door_url, most=20)
    vault = Vault()
    housekeeping = Housekeeping(acceptor, store.purge)
    engine = connect(door_url, "ingestion")
    for part in (streams, housekeeping):
        await part.start()
    await until(streams.ready)
    record = AccessRecord(store, events_per_second=100, burst=500, event_bytes=64 * 1024)
    sealer, guard = Sealer(bytes(32)), Guard(allow_loopback=True)
    line = Line(guard)
    sender = Sender(Outbox(store), line, sealer, vault, patience=Patience(3, 0.05))
    processor = TransactionalProcessor(DeliveryHandler("default", sender.wake), engine)
    access = Access(record, open_for="default")
    door = Door(
        acceptor,
        streams,
        vault,
        housekeeping,
        rights,
        store,
        access,
        Limiter(record),
        sender,
        Subscriptions(store, guard, sender, sealer),
        Transcripts(
            consents, publisher, home="default", unless_refused=False, minutes=60, clock=lambda: NOW
        ),
        line,
        Connections(store, sealer),
    )
    yield House(door, broker, producer, vault, redacting, processor, engine, door_url)
    for part in (streams, sender, housekeeping, store):
        await part.drain()
    publisher.close()
    engine.dispose()


async def until(
    condition: Callable[[], Any | Awaitable[Any]], seconds: float = 5.0, what: str = ""
) -> Any:
    """Polls until the condition holds, and gives its value."""
    async with asyncio.timeout(seconds):
        while True:
            value = condition()
            if asyncio.iscoroutine(value):
                value = await value
            if value:
                return value
            await asyncio.sleep(0.01)
