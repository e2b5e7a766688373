"""What becomes of a conversation enters its record here, and whoever listens is woken."""

import uuid
from typing import Any

import sqlalchemy as sa
from google.protobuf.message import Message

from rapport.v1 import common_pb2, message_pb2, reply_pb2
from services.common.events import Event
from services.common.failures import Unprocessable
from services.common.ledger import execute
from services.common.topics import CONVERSATION_CHANGED, MESSAGE_REDACTED, REPLY_CREATED, Topic
from services.ingestion.record import KINDS, is_for_customer

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
    select pg_notify(%(channel)s, %(news)s) from next
"""


class DeliveryHandler:
    """Writes redacted messages, replies and changes of state into the conversation's record."""

    service = "ingestion"
    reads: tuple[Topic, ...] = (MESSAGE_REDACTED, REPLY_CREATED, CONVERSATION_CHANGED)

    def begin(self, connection: sa.Connection) -> None:
        """Nothing is shared by the events of a batch."""

    def handle(self, event: Event[Any], connection: sa.Connection) -> None:
        message = event.message
        named = message.ref if event.topic is MESSAGE_REDACTED else message
        if named.conversation_id != event.key:
            raise Unprocessable("key_is_not_conversation")
        payload = message.SerializeToString(deterministic=True)
        execute(
            connection,
            _DELIVER,
            {
                "conversation_id": event.key,
                "changed": payload if event.topic is CONVERSATION_CHANGED else None,
                "replied": _replied(message),
                "event_id": uuid.UUID(event.id),
                "type": KINDS[event.topic.name],
                "payload": payload,
                "at": event.time,
                "channel": CHANNEL,
                "news": (SHOWN if is_for_customer(message) else NOTED) + event.key,
            },
        )

    def committed(self) -> None:
        """The database tells those who wait, at the commit."""


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
        return b"" if message.ref.author == common_pb2.AUTHOR_AGENT else None
    return None
