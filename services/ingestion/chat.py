"""The widget's side: one conversation over one WebSocket.

The customer sends `{"id"?, "type"?, …}` with type message (the default: text, language,
attributes), person, end, feedback (a rating: score, comment, about) or ping, and gets accepted,
rejected, pong, and what is said to them.
"""

import asyncio
import re
import uuid
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import orjson
from fastapi import WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.common import metrics
from services.common.failures import Transient
from services.common.logs import logger
from services.ingestion.acceptance import count_refusal
from services.ingestion.access import Caller
from services.ingestion.cloudevents import EVENT_BYTES, read_event, too_large, violations_of
from services.ingestion.contract import (
    CONVERSATION_ENDED,
    FEEDBACK_GIVEN,
    MESSAGE_SENT,
    PERSON_REQUESTED,
)
from services.ingestion.door import Door
from services.ingestion.fields import ConversationId, Identifier
from services.ingestion.origins import Origins
from services.ingestion.problems import as_problem, problem_response
from services.ingestion.record import as_json
from services.ingestion.rejections import Reason, Rejected, invalid
from services.ingestion.reveal import for_customer

log = logger(__name__)

WAY = "websocket"
LARGEST_FRAME_BYTES = 2 * 1024 * 1024
_TYPES = {
    "message": MESSAGE_SENT,
    "person": PERSON_REQUESTED,
    "end": CONVERSATION_ENDED,
    "feedback": FEEDBACK_GIVEN,
}
# What a frame may hold beside its id and type.
_SAID = {"message": ("text", "language", "attributes"), "feedback": ("score", "comment", "about")}
_UUID_AT_END = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_FIELDS = frozenset({"id", "type"}.union(*_SAID.values()))


class ChatQuery(BaseModel):
    """The query of /v1/chat. Without a customer, the conversation's own, or a visitor. `key` is a
    public one: a page cannot send headers. `own`: also deliver what the customer said."""

    model_config = ConfigDict(extra="forbid")

    conversation_id: ConversationId
    customer_id: Identifier | None = None
    key: str | None = Field(default=None, max_length=128, repr=False)
    after: int = Field(default=0, ge=0, le=2**63 - 1)
    own: bool = False


@dataclass(frozen=True, slots=True)
class _Chat:
    """Who chats in which conversation, by its key and by the id that its tenant knows."""

    caller: Caller
    key: str
    conversation_id: str
    customer_id: str


class ChatSession:
    """Both directions of one WebSocket."""

    def __init__(
        self,
        socket: WebSocket,
        door: Door,
        origins: Origins,
    ) -> None:
        self._socket = socket
        self._door = door
        self._acceptor = door.acceptor
        self._streams = door.streams
        self._revealer = door.revealer
        self._origins = origins
        self._sending = asyncio.Lock()

    async def run(self) -> None:
        """Serves the socket until either side closes it."""
        try:
            query = self._query()
            caller = await self._let_in(query)
            key = self._door.key(caller, query.conversation_id)
            self._streams.admit()
            customer_id = await self._customer_of(caller, query, key)
        except Rejected as rejected:
            await self._socket.send_denial_response(problem_response(rejected))
            return
        except Transient:
            away = Rejected(Reason.UNAVAILABLE, retry_after=2)
            await self._socket.send_denial_response(problem_response(away))
            return
        await self._socket.accept()
        chat = _Chat(caller, key, query.conversation_id, customer_id)
        delivering = asyncio.create_task(self._deliver(chat, query))
        receiving = asyncio.create_task(self._receive(chat))
        try:
            await asyncio.wait({delivering, receiving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (delivering, receiving):
                task.cancel()
            ended = await asyncio.gather(delivering, receiving, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception) and not isinstance(error, WebSocketDisconnect):
                log.error("chat_failed", error=type(error).__name__)

    def _query(self) -> ChatQuery:
        """The checked query; Rejected where it is wrong."""
        try:
            return ChatQuery.model_validate(dict(self._socket.query_params))
        except ValidationError as error:
            raise Rejected(Reason.INVALID, *violations_of(error)) from None

    async def _let_in(self, query: ChatQuery) -> Caller:
        """Who chats: the page that shows a public key, or a system for its customer."""
        origin = self._socket.headers.get("origin")
        if query.key is not None:
            caller = await self._door.access.page(query.key, origin)
            # Everybody has the key: nobody may be somebody else with it, or guess a conversation.
            if query.customer_id is not None:
                raise invalid("customer_id", "does not go with a public key")
            if not _UUID_AT_END.search(query.conversation_id):
                raise invalid("conversation_id", "must end with a random UUID with a public key")
            return caller
        if not self._origins.allows(origin, self._socket.headers.get("host")):
            raise Rejected(Reason.FORBIDDEN_ORIGIN)
        return await self._door.access.caller(self._socket.headers.get("authorization"), "chat")

    async def _customer_of(self, caller: Caller, query: ChatQuery, key: str) -> str:
        if query.customer_id is not None:
            return query.customer_id
        visitor = f"visitor-{uuid.uuid5(uuid.NAMESPACE_URL, key)}"
        known = await self._streams.customer_of(key)
        if caller.public and known not in (None, visitor):
            raise Rejected(Reason.FORBIDDEN, detail="the conversation is not a visitor's")
        return known or visitor

    async def _deliver(self, chat: "_Chat", query: ChatQuery) -> None:
        async with aclosing(
            self._door.follow(chat.caller, chat.key, query.after, WAY, shown=True)
        ) as batches:
            async for entries in batches:
                for entry in await for_customer(self._revealer, chat.key, entries, own=query.own):
                    await self._send(as_json(entry, readings=False))
                    metrics.DOOR_DELIVERIES.labels(WAY).inc()
        await self._socket.close(1012)  # service restart: come back, after the last position

    async def _receive(self, chat: "_Chat") -> None:
        while True:
            received = await self._socket.receive()
            if received["type"] == "websocket.disconnect":
                return
            raw = received.get("text")
            body = raw.encode() if raw is not None else received.get("bytes") or b""
            await self._send(await self._answer(body, chat))

    async def _answer(self, body: bytes, chat: "_Chat") -> dict[str, Any]:
        """What is sent back for one frame."""
        frame: Mapping[str, Any] = {}
        try:
            frame = _frame(body)
            if frame.get("type") == "ping":
                return {"type": "pong"}
            if not await self._door.access.still(chat.caller):
                raise Rejected(Reason.UNAUTHENTICATED, detail="the key does not work any more")
            largest = await self._door.limiter.take(chat.caller)
            if largest is not None and len(body) > largest:
                raise too_large(largest)
            sender_id = frame.get("id", str(uuid.uuid4()))
            event = self._event(frame, sender_id, chat.conversation_id, chat.customer_id)
        except Transient:
            return _refusal(frame, Rejected(Reason.UNAVAILABLE, retry_after=2))
        except Rejected as rejected:
            count_refusal(WAY, rejected, _TYPES.get(str(frame.get("type", "message"))))
            return _refusal(frame, rejected)
        try:
            receipt = await self._acceptor.accept(event, WAY, tenant=chat.caller.tenant)
        except Rejected as rejected:
            return _refusal(frame, rejected)
        return {
            "type": "accepted",
            "id": sender_id,
            "event_id": receipt.event_id,
            "sequence": receipt.sequence,
            "repeated": receipt.repeated,
        }

    def _event(
        self, frame: Mapping[str, Any], sender_id: object, conversation_id: str, customer_id: str
    ) -> Any:
        kind = frame.get("type", "message")
        if not isinstance(kind, str) or kind not in _TYPES:
            raise invalid("type", "must be message, person, end, feedback or ping")
        now = self._acceptor.clock()
        data: dict[str, Any] = {"conversation_id": conversation_id}
        said = {name: value for name, value in frame.items() if name not in ("id", "type")}
        for name in said.keys() - _SAID.get(kind, ()):
            raise invalid(name, f"does not belong to {kind}")
        data |= said
        if kind == "message":
            data |= {"customer_id": customer_id, "channel": "chat", "author": "customer"}
            data |= {"sent_at": now.isoformat()}
        elif kind == "feedback":
            data |= {"kind": "csat", "by": "customer"}
        elif kind == "person":
            data |= {"customer_id": customer_id}
        else:
            data |= {"by": "customer"}
        document = {
            "specversion": "1.0",
            "id": sender_id,
            "source": f"/v1/chat/{conversation_id}",
            "type": _TYPES[kind],
            "data": data,
        }
        try:
            return read_event(document, now)
        except Rejected as rejected:
            raise rejected.renamed("data.", "") from None  # the customer's frame is flat

    async def _send(self, frame: Mapping[str, Any]) -> None:
        async with self._sending:
            await self._socket.send_text(orjson.dumps(frame).decode())


def _frame(body: bytes) -> Mapping[str, Any]:
    if len(body) > EVENT_BYTES:
        raise too_large(EVENT_BYTES)
    try:
        frame = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise invalid("", "a frame must be JSON in valid UTF-8") from None
    if not isinstance(frame, dict):
        raise invalid("", "a frame must be a JSON object")
    for name in frame.keys() - _FIELDS:
        raise invalid(name[:64], "is not a known field")
    return frame


def _refusal(frame: Mapping[str, Any], rejected: Rejected) -> dict[str, Any]:
    sender_id = frame.get("id")
    known = {"id": sender_id} if isinstance(sender_id, str) else {}
    problem = as_problem(rejected)
    return {"type": "rejected", **known, "problem": problem["type"]} | {
        name: value for name, value in problem.items() if name != "type"
    }
