"""What becomes of a conversation enters its record here and, for those who subscribed, the outbox;
whoever listens is woken."""

import uuid
from collections.abc import Callable
from typing import Any

import orjson
import sqlalchemy as sa
from google.protobuf.message import Message

from rapport.v1 import common_pb2, conversation_pb2, message_pb2, reply_pb2
from services.common.events import Event
from services.common.failures import Unprocessable
from services.common.ledger import execute
from services.common.topics import (
    CONVERSATION_CHANGED,
    HANDOVER_REQUESTED,
    MESSAGE_REDACTED,
    OUTCOME_MEASURED,
    REPLY_CREATED,
    Topic,
)
from services.ingestion.record import KINDS, is_for_customer
from services.ingestion.tenancy import tenant_of
from services.ingestion.webhooks.content import attributes, is_told

CHANNEL = "rapport_delivery"
SHOWN, NOTED = "+", "-"
"""Before the conversation's id: the customer is shown the entry, or it is for the record alone."""

# One statement for each event: its position, the entry, and the word to those who wait. The row of
# the record is locked until the commit, so positions become visible in their order. A conversation
# that was erased takes nothing more.
_DELIVER = """
    with next as (
        insert into ingestion.records as known
            (conversation_id, last_position, changed, replied, last_at)
        select %(conversation_id)s, 1, %(changed)s, %(replied)s, now()
        where not exists (
            select from ingestion.conversations
            where conversation_id = %(conversation_id)s and customer_id = ''
        )
        on conflict (conversation_id) do update
            set last_position = known.last_position + 1,
                changed = coalesce(excluded.changed, known.changed),
                replied = coalesce(excluded.replied, known.replied),
                last_at = excluded.last_at
        returning last_position
    ), added as (
        insert into ingestion.deliveries (conversation_id, position, event_id, type, payload, at)
        select %(conversation_id)s, last_position, %(event_id)s, %(type)s, %(payload)s, %(at)s
        from next
    )
    select pg_notify(%(channel)s, %(news)s),
        exists (select from ingestion.subscriptions where tenant = %(tenant)s)
    from next
"""
# A filter holds back an event that has its attribute with another word; of a conversation that was
# erased nothing more is told.
_QUEUE = """
    with queued as (
        insert into ingestion.webhook_events
            (subscription_id, conversation_id, event_id, type, payload, at)
        select subscription_id, %(conversation_id)s, %(event_id)s, %(type)s, %(payload)s, %(at)s
        from ingestion.subscriptions
        where tenant = %(tenant)s and %(type)s = any(events) and not exists (
            select from ingestion.conversations
            where conversation_id = %(conversation_id)s and customer_id = ''
        ) and not exists (
            select from jsonb_each(filters) as filter
            where %(attributes)s::jsonb ? filter.key
                and not filter.value @> (%(attributes)s::jsonb -> filter.key)
        )
        on conflict (subscription_id, event_id) do nothing
        returning subscription_id
    )
    insert into ingestion.webhook_lines as known (subscription_id, conversation_id, pending)
    select subscription_id, %(conversation_id)s, 1 from queued
    on conflict (subscription_id, conversation_id) do update set pending = known.pending + 1
"""


_CLOSED = conversation_pb2.CONVERSATION_STATE_CLOSED
_CLOSE = """
    insert into ingestion.closings (conversation_id, closed_at)
    select conversation_id, %(at)s from ingestion.conversations
    where conversation_id = %(conversation_id)s and customer_id <> ''
    on conflict (conversation_id) do update set closed_at = excluded.closed_at
"""
_REOPEN = "delete from ingestion.closings where conversation_id = %(conversation_id)s"


class DeliveryHandler:
    """Writes redacted messages, replies and changes of state into the conversation's record, and
    what webhooks tell into their outbox. `home` is the door's own tenant; `wake` hears from any
    thread that there is something to tell."""

    service = "ingestion"
    reads: tuple[Topic, ...] = (
        MESSAGE_REDACTED,
        REPLY_CREATED,
        CONVERSATION_CHANGED,
        HANDOVER_REQUESTED,
        OUTCOME_MEASURED,
    )

    def __init__(self, home: str = "default", wake: Callable[[], None] = lambda: None) -> None:
        self._home = home
        self._wake = wake
        self._queued = False

    def begin(self, connection: sa.Connection) -> None:
        """Nothing is shared by the events of a batch."""

    def handle(self, event: Event[Any], connection: sa.Connection) -> None:
        message = event.message
        named = message.ref if event.topic is MESSAGE_REDACTED else message
        if named.conversation_id != event.key:
            raise Unprocessable("key_is_not_conversation")
        payload = message.SerializeToString(deterministic=True)
        tenant = tenant_of(event.key, self._home)
        subscribed = True
        if event.topic.name in KINDS:
            subscribed = self._deliver(event, payload, tenant, connection)
        if subscribed and is_told(message):
            self._queue(event, payload, tenant, connection)

    def _queue(
        self, event: Event[Any], payload: bytes, tenant: str, connection: sa.Connection
    ) -> None:
        values = {
            "tenant": tenant,
            "conversation_id": event.key,
            "event_id": uuid.UUID(event.id),
            "type": event.topic.name,
            "payload": payload,
            "at": event.time,
            "attributes": orjson.dumps(attributes(event.message)).decode(),
        }
        self._queued |= execute(connection, _QUEUE, values).rowcount > 0

    def _deliver(
        self, event: Event[Any], payload: bytes, tenant: str, connection: sa.Connection
    ) -> bool:
        """Whether somebody of the tenant has subscribed to anything."""
        delivered = execute(
            connection,
            _DELIVER,
            {
                "conversation_id": event.key,
                "changed": payload if event.topic is CONVERSATION_CHANGED else None,
                "replied": _replied(event.message),
                "event_id": uuid.UUID(event.id),
                "type": KINDS[event.topic.name],
                "payload": payload,
                "at": event.time,
                "channel": CHANNEL,
                "tenant": tenant,
                "news": (SHOWN if is_for_customer(event.message) else NOTED) + event.key,
            },
        ).fetchone()
        if event.topic is CONVERSATION_CHANGED:
            _closing(connection, event)
        return delivered is not None and bool(delivered[1])

    def committed(self) -> None:
        """The database tells those who wait, at the commit; the sender of webhooks is here."""
        if self._queued:
            self._queued = False
            self._wake()


def _closing(connection: sa.Connection, event: Event[Any]) -> None:
    """Notes when a conversation closed, and forgets that where it goes on."""
    if event.message.to == _CLOSED:
        values = {"conversation_id": event.key, "at": event.time}
        execute(connection, _CLOSE, values)
    elif getattr(event.message, "from") == _CLOSED:
        execute(connection, _REOPEN, {"conversation_id": event.key})


def _replied(message: Message) -> bytes | None:
    """What the next message is read with: a reply of the bot, nothing after a person has written,
    and None where that stays as it was."""
    if isinstance(message, reply_pb2.ReplyCreated):
        return message_pb2.LastReply(
            reply_id=message.reply_id,
            in_reply_to=message.in_reply_to,
            strategy=message.strategy,
            text=message.text,
        ).SerializeToString(deterministic=True)
    if isinstance(message, message_pb2.MessageRedacted):
        by_agent = message.ref.author == common_pb2.AUTHOR_AGENT
        return b"" if by_agent and message.kind != message_pb2.MESSAGE_KIND_NOTE else None
    return None
