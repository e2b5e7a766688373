"""Keys in memory, and messages as the door publishes them."""

import hashlib
import uuid
from typing import Any

from rapport.v1 import common_pb2, message_pb2
from services.common.events import Event
from services.common.failures import Transient
from services.common.testing.handlers import event
from services.common.topics import MESSAGE_RECEIVED
from services.redaction.cipher import DataKey


class MemoryKeys:
    """One key for each customer, made from the id so that a test can repeat itself."""

    def __init__(self) -> None:
        self.made: dict[tuple[str, str], DataKey] = {}
        self.away = False

    def of(self, tenant: str, customer_id: str) -> DataKey:
        if self.away:
            raise Transient("database_away")
        if (tenant, customer_id) not in self.made:
            key = hashlib.sha256(f"{tenant}/{customer_id}".encode()).digest()
            self.made[tenant, customer_id] = DataKey(key)
        return self.made[tenant, customer_id]

    def existing(self, tenant: str, customer_id: str) -> DataKey | None:
        return self.made.get((tenant, customer_id))


def pseudonym(tenant: str, customer_id: str) -> str:
    return "customer-" + hashlib.sha256(f"{tenant}/{customer_id}".encode()).hexdigest()[:32]


def message(
    text: str,
    *,
    number: int = 1,
    author: int = common_pb2.AUTHOR_CUSTOMER,
    conversation_id: str = "c1",
    customer_id: str = "u1",
    kind: int = message_pb2.MESSAGE_KIND_TEXT,
    attributes: dict[str, str] | None = None,
    after: str = "",
) -> Event[Any]:
    """A message.received of one conversation; `number` makes its id, and `after` is
    what the bot said last."""
    ref = message_pb2.MessageRef(
        message_id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{conversation_id}/{number}")),
        conversation_id=conversation_id,
        customer_id=customer_id,
        tenant="default",
        channel=common_pb2.CHANNEL_CHAT,
        author=author,  # type: ignore[arg-type]
        sequence=number,
        attributes=attributes,
    )
    received = message_pb2.MessageReceived(ref=ref, kind=kind, text=text)  # type: ignore[arg-type]
    if after:
        received.last_reply.reply_id = str(uuid.uuid5(uuid.NAMESPACE_OID, after))
        received.last_reply.text = after
    return event(MESSAGE_RECEIVED, conversation_id, ref.message_id, received)
